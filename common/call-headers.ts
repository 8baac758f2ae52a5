import { isIP } from 'node:net';

/** The header by which a subgraph learns, with a mutation, the IP address of the client on whose behalf it is asked. */
export const clientAddressHeader = 'x-client-address';

/** The header by which a subgraph learns for how many milliseconds its answer is still waited for. */
export const remainingTimeHeader = 'x-deadline-ms';

/**
 * The header that tells one call from the others on a connection. A subgraph that writes it on its reply as it came can
 * be sent several queries on one connection at a time: see docs/decisions/0006-pipelining.md.
 */
export const callIdHeader = 'x-call-id';

/** An IP address out of `clientAddressHeader`; `undefined` for anything else. */
export function clientAddressFrom(header: unknown): string | undefined {
  return typeof header === 'string' && isIP(header) > 0 ? header : undefined;
}

/** Milliseconds out of `remainingTimeHeader`; `undefined` for anything but a whole number of up to nine digits. */
export function remainingTimeFrom(header: unknown): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

/** The value of `callIdHeader`; `undefined` for anything but a whole number of up to fifteen digits. */
export function callIdFrom(header: unknown): string | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? header : undefined;
}
