import { z } from 'zod';
import {
  callIdHeader,
  clientAddressHeader,
  remainingTimeHeader,
} from '../../common/call-headers.ts';
import { correlationHeader } from '../../common/correlation.ts';
import { identityHeader } from '../../common/identity-token.ts';
import { variableNameOf } from '../../common/setting-names.ts';
import { httpUrl, identityKeys, wholeNumber } from '../../common/setting-values.ts';

/** Headers that describe the connection or that only the gateway may write: no rule passes them on. */
const reservedHeaders: ReadonlySet<string> = new Set([
  identityHeader,
  correlationHeader,
  clientAddressHeader,
  remainingTimeHeader,
  callIdHeader,
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const headerName = z
  .string()
  .transform((name) => name.trim().toLowerCase())
  .refine((name) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name), {
    error: ({ input }) => `takes names of headers, not ${JSON.stringify(input)}`,
  })
  .refine((name) => !reservedHeaders.has(name), {
    error: ({ input }) => `may not pass on ${JSON.stringify(input)}: the gateway writes it itself`,
  });

const listOfHeaders = z
  .union([z.array(z.string()), z.string().transform((names) => names.split(','))])
  .pipe(z.array(headerName));

/** How all subgraphs are called, and what is particular to one of them. */
export const subgraphsSection = z.strictObject({
  /** Time a subgraph has to answer one call. */
  timeoutMs: wholeNumber(1, 600_000).default(3_000),
  maxResponseBytes: wholeNumber(1_024, 1024 * 1024 * 1024).default(10 * 1024 * 1024),
  /** Connections to one subgraph, and so its calls in flight. */
  maxConnections: wholeNumber(1, 10_000).default(64),
  /** Queries in flight on one connection, where that is safe: see docs/decisions/0006-pipelining.md. 1 is off. */
  pipelining: wholeNumber(1, 64).default(8),
  /** Headers of the client, in lower case, that subgraphs receive as they came. */
  forwardedHeaders: listOfHeaders.default([]),
  /** By `variableNameOf(subgraph)`. */
  each: z
    .record(
      z.string(),
      z.strictObject({
        /** Wins over the routing URL of the supergraph. */
        url: httpUrl.optional(),
        /** The first one signs; see `common/identity-token.ts`. */
        identityKey: identityKeys.optional(),
        /** These hold instead of what holds for all; see there. */
        timeoutMs: wholeNumber(1, 600_000).optional(),
        maxInFlight: wholeNumber(1, 100_000).optional(),
        /** Instead of what holds for all. */
        pipelining: wholeNumber(1, 64).optional(),
      }),
    )
    .default({}),
});

/** Settings of calls to subgraphs. */
export type SubgraphsConfig = z.infer<typeof subgraphsSection>;

/** Settings of one subgraph. */
export type SubgraphConfig = SubgraphsConfig['each'][string];

/** What is set for one subgraph. */
export function settingsOf({ each }: SubgraphsConfig, subgraph: string): SubgraphConfig {
  const name = variableNameOf(subgraph);
  return Object.hasOwn(each, name) ? (each[name] ?? {}) : {};
}

/** What is set for subgraphs that are not among these, by their names in variables. */
export function settingsForNobody(
  { each }: SubgraphsConfig,
  subgraphs: readonly string[],
): readonly string[] {
  const names = new Set(subgraphs.map(variableNameOf));
  return Object.keys(each).filter((name) => !names.has(name));
}
