/** A host and a port as in the authority of a URL (RFC 3986 §3.2.2): an IPv6 address is in brackets. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
