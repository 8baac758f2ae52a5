/** How answers may be compressed, best first. */
const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

/** The best encoding that an `Accept-Encoding` header names (RFC 9110 §12.5.3); `undefined` for none. */
export function encodingFor(header: string | string[] | undefined): Encoding | undefined {
  if (header === undefined) return undefined;
  const accepted = new Set<string>();
  for (const entry of header.toString().split(',')) {
    const [name = '', ...parameters] = entry.split(';');
    const isRefused = parameters.some((parameter) => /^q=0(?:\.0*)?$/i.test(parameter.trim()));
    if (!isRefused) accepted.add(name.trim().toLowerCase());
  }
  return encodings.find((encoding) => accepted.has(encoding));
}
