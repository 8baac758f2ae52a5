import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { flag, list, takenBy, text, wholeNumber } from '../../common/setting-values.ts';

const rate = wholeNumber(1, 1_000_000_000);

/** In development one developer, a few scripts and a browser share an address: effectively no limit. */
export const developmentRates: ReadonlyMap<string, number> = new Map([
  ['anonymousPerMinute', 6_000],
  ['viewerPerMinute', 6_000],
  ['sessionsPerMinute', 600],
  ['restPerMinute', 6_000],
  ['guardedPerAddressPerMinute', 100],
  ['guardedPerAccountPerMinute', 100],
]);

/** How many requests a minute are allowed, and by what they are counted. */
export const rateLimitsSection = z
  .strictObject({
    enabled: flag
      .default(true)
      .describe(
        'Whether requests are counted. The users subgraph counts wrong passwords in any case.',
      ),
    anonymousPerMinute: rate
      .default(100)
      .describe('Requests without an access token, or with an invalid one, by address.'),
    viewerPerMinute: rate.default(600).describe('Requests of one viewer, from any address.'),
    sessionsPerMinute: rate
      .default(100)
      .describe(
        'Uses of `/login` and `/refresh`, by address; they do not count as requests above.',
      ),
    restPerMinute: rate
      .default(100)
      .describe('Requests for REST routes, by viewer or address; counted separately.'),
    guardedFields: list().default([]).describe('Root fields that are also counted separately.'),
    guardedPerAddressPerMinute: rate.default(10).describe('Uses of one guarded field, by address.'),
    guardedPerAccountPerMinute: rate
      .default(10)
      .describe(
        'Uses of one guarded field, by the account in its arguments, or else the authenticated one.',
      ),
    redisUrl: z
      .url({ protocol: /^rediss?$/, error: 'takes a redis:// or rediss:// URL' })
      .register(takenBy, { takes: 'a URL' })
      .optional()
      .describe(
        'The Redis in which all gateways count together, and by which they tell each other of ended sessions; without it, each counts separately, and knows of the sessions alone that ended through it.',
      ),
    redisKeyPrefix: text.default('gateway:rate').describe('The prefix of the keys in that Redis.'),
    trustedProxies: list(isNetwork, 'takes addresses and networks, such as 10.0.0.0/8')
      .default([])
      .describe('Addresses and networks of proxies whose `X-Forwarded-For` is trusted.'),
  })
  .describe('How many requests a minute are allowed, and by what they are counted.');

/** The settings of rate limits. */
export type RateLimitsConfig = Readonly<z.infer<typeof rateLimitsSection>>;

/** The addresses and networks of a validated list. */
export function networksOf(entries: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const entry of entries) addTo(networks, entry);
  return networks;
}

function addTo(networks: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (prefix === undefined) networks.addAddress(address, family);
  else networks.addSubnet(address, Number(prefix), family);
}

function isNetwork(entry: string): boolean {
  try {
    const [address = ''] = entry.split('/');
    addTo(new BlockList(), entry);
    return isIP(address) !== 0;
  } catch {
    return false;
  }
}
