import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/** How many wrong passwords an account takes from one address before it takes none for a while. */
export const attemptLimit = {
  maxAttempts: 5,
  /** From the first attempt; those refused do not prolong it, so nobody is locked out for good. */
  windowMs: 15 * 60 * 1000,
} as const;

/**
 * What attempts are counted under: an account, by whatever text names it, and an address. Somebody else's attempts at
 * the account do not count against its owner, who is elsewhere. A hash, so that all are of one size.
 */
export function attemptSubject(account: string, address: string | undefined): Uint8Array {
  const from = address === undefined ? '' : networkOf(address);
  return createHash('sha256')
    .update(JSON.stringify([account, from]))
    .digest();
}

/** What an address counts as. Of IPv6 the first 64 bits: whoever has one address has all that begin alike. */
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

/** The eight groups of an address in its one spelling (RFC 5952), where `::` stands for those that are zero. */
function expand(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after];
}
