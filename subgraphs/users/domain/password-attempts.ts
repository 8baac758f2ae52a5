import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/** How many wrong passwords an account accepts from one address before it is locked for a while. */
export const attemptLimit = {
  maxAttempts: 5,
  /** From the first attempt; refused ones do not prolong it, so an account is never locked permanently. */
  windowMs: 15 * 60 * 1000,
} as const;

/**
 * The subject that attempts are counted by: an account, by whatever text identifies it, and an address. Attempts from
 * elsewhere do not lock out the owner of the account. A hash, so that all subjects have the same size.
 */
export function attemptSubject(account: string, address: string | undefined): Uint8Array {
  const from = address === undefined ? '' : networkOf(address);
  return createHash('sha256')
    .update(JSON.stringify([account, from]))
    .digest();
}

/**
 * The network that an address is counted by. For IPv6 the first 64 bits: a client with one address has all addresses of
 * the network.
 */
export function networkOf(address: string): string {
  const [, mapped = address] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (isIPv4(mapped)) return mapped;
  if (!isIPv6(address)) return address;
  const [, groups = ''] =
    /^\[(.*)\]$/.exec(new URL(`http://[${withoutZone(address)}]`).hostname) ?? [];
  return expand(groups).slice(0, 4).join(':');
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address;
}

/** The eight groups of a canonical IPv6 address (RFC 5952), with `::` expanded to zeros. */
function expand(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after];
}
