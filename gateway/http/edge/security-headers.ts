/** Settings of the security headers. */
export interface SecurityHeaderSettings {
  /** For how long a browser must use TLS only (RFC 6797); 0 omits the header. */
  readonly hstsMaxAgeSeconds: number;
}

/** Responses are data: opened as a page, one can do nothing and cannot be framed. */
const policyOfData = "default-src 'none'; frame-ancestors 'none'";

/** For a page that has its policy in its own text: the part that only a header can set. */
export const policyOfPage = "frame-ancestors 'none'";

/** The security headers of every response for browsers; a page may replace the policy. Name, value … */
export function securityHeaders({ hstsMaxAgeSeconds }: SecurityHeaderSettings): readonly string[] {
  const headers = [
    'x-content-type-options',
    'nosniff',
    'content-security-policy',
    policyOfData,
    'referrer-policy',
    'no-referrer',
  ];
  if (hstsMaxAgeSeconds > 0) {
    headers.push('strict-transport-security', `max-age=${hstsMaxAgeSeconds}; includeSubDomains`);
  }
  return headers;
}
