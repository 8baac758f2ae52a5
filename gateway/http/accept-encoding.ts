import Negotiator from 'negotiator';

/** The compressions available for responses, best first. */
const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

/** The best encoding that an `Accept-Encoding` header accepts (RFC 9110 §12.5.3); `undefined` for none. */
export function encodingFor(header: string | string[] | undefined): Encoding | undefined {
  if (header === undefined) return undefined;
  const request = { headers: { 'accept-encoding': header.toString() } };
  const accepted = new Negotiator(request).encodings(encodings);
  return encodings.find((encoding) => accepted.includes(encoding));
}
