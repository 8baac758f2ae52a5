import { randomBytes } from 'node:crypto';

/** The header, and the metadata of a call, that says of which trace it is a part (W3C Trace Context, §3.2). */
export const traceparentHeader = 'traceparent';

const form = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's trace context, unchanged, or a new trace, not sampled, for anything invalid. */
export function traceparentFrom(header: unknown): string {
  if (typeof header === 'string' && form.test(header)) return header;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}
