import { isIPv6 } from 'node:net';

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The key that an address is counted by: itself for IPv4, its /64 for IPv6, which is the least that one customer of a
 * network gets (RFC 6177 §2).
 */
export function addressKeyOf(address: string): string {
  const [, four] = mapped.exec(address) ?? [];
  if (four !== undefined) return four;
  return isIPv6(address) ? prefixOf(address) : address;
}

function prefixOf(address: string): string {
  const [withoutZone = ''] = address.toLowerCase().split('%', 1);
  const [head = '', tail] = withoutZone.split('::');
  let groups = head.split(':').filter(Boolean);
  if (tail !== undefined) {
    const rest = tail.split(':').filter(Boolean);
    // A dotted quad at the end counts as two groups.
    const count = rest.length + (rest.at(-1)?.includes('.') === true ? 1 : 0);
    const zeros = Array<string>(Math.max(0, 8 - groups.length - count)).fill('0');
    groups = [...groups, ...zeros, ...rest];
  }
  const network = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
