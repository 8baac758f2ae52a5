import type { IncomingMessage } from 'node:http';
import { type BlockList, isIP } from 'node:net';

/** The address of the client that sent a request. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The peer address of the connection; behind trusted proxies, the nearest address in `X-Forwarded-For` that is not one
 * of them. What a client writes there itself is never trusted.
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

/** An IPv4 address that an IPv6 socket reports is the plain IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
