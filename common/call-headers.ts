import { isIP } from 'node:net';

/** The header with the client's IP address, which a subgraph receives with mutations. */
export const clientAddressHeader = 'x-client-address';

/** The header that tells a subgraph for how many more milliseconds the gateway waits for its response. */
export const remainingTimeHeader = 'x-deadline-ms';

/**
 * The header that identifies a call on its connection. A subgraph that copies it to its response can receive several
 * queries on one connection at a time: see docs/decisions/0006-pipelining.md.
 */
export const callIdHeader = 'x-call-id';

/** The IP address in `clientAddressHeader`; `undefined` for anything else. */
export function clientAddressFrom(header: unknown): string | undefined {
  return typeof header === 'string' && isIP(header) > 0 ? header : undefined;
}

/** The milliseconds in `remainingTimeHeader`; `undefined` for anything but a whole number of up to nine digits. */
export function remainingTimeFrom(header: unknown): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

/** The value of `callIdHeader`; `undefined` for anything but a whole number of up to fifteen digits. */
export function callIdFrom(header: unknown): string | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? header : undefined;
}
