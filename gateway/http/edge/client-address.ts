import type { IncomingMessage } from 'node:http';
import { type BlockList, isIP } from 'node:net';

/** The address of the client that a request comes from. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The address at the other end of the connection; behind proxies that are trusted, the nearest address in
 * `X-Forwarded-For` that is none of them. What a client writes there itself is never believed.
 */
export function clientAddressBehind(trustedProxies: BlockList): ClientAddress {
  const isTrusted = (address: string): boolean =>
    trustedProxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return ({ socket, headers }) => {
    const direct = plain(socket.remoteAddress ?? '');
    const forwarded = headers['x-forwarded-for'];
    if (forwarded === undefined || direct === '' || !isTrusted(direct)) return direct;
    let nearest = direct;
    for (const entry of forwarded.toString().split(',').reverse()) {
      const address = plain(entry.trim());
      if (isIP(address) === 0) return nearest;
      nearest = address;
      if (!isTrusted(address)) return nearest;
    }
    return nearest;
  };
}

/** An IPv4 address that a socket of IPv6 tells is the IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
