import { z } from 'zod';
import {
  callIdHeader,
  clientAddressHeader,
  remainingTimeHeader,
} from '../../common/call-headers.ts';
import { correlationHeader } from '../../common/correlation.ts';
import { type EventProtocol, eventProtocols } from '../../common/event-protocols.ts';
import { identityHeader } from '../../common/identity-token.ts';
import {
  flag,
  serverAddress,
  httpUrl,
  identityKeys,
  oneOf,
  streamUrl,
  takenBy,
  wholeNumber,
} from '../../common/setting-values.ts';
import { variableNameOf } from '../../common/setting-variables.ts';

/** Headers that describe the connection or that only the gateway may set: they are never forwarded. */
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
    error: ({ input }) => `may not pass on ${JSON.stringify(input)}: the gateway sets it itself`,
  });

const listOfHeaders = z
  .union([z.array(z.string()), z.string().transform((names) => names.split(','))])
  .pipe(z.array(headerName))
  .register(takenBy, { takes: 'a list of names of headers' });

/** How all subgraphs are called, and exceptions for single ones. */
export const subgraphsSection = z
  .strictObject({
    timeoutMs: wholeNumber(1, 600_000)
      .default(3_000)
      .describe(
        'How long a subgraph has to answer one call; never longer than the request has left.',
      ),
    maxResponseBytes: wholeNumber(1_024, 1024 * 1024 * 1024)
      .default(10 * 1024 * 1024)
      .describe("The maximum size of a subgraph's response."),
    maxConnections: wholeNumber(1, 10_000)
      .default(64)
      .describe('The maximum number of connections to one subgraph.'),
    pipelining: wholeNumber(1, 64)
      .default(8)
      .describe(
        'Concurrent queries on one connection, where that is safe (docs/decisions/0006-pipelining.md); 1 turns pipelining off.',
      ),
    forwardedHeaders: listOfHeaders
      .default([])
      .describe('Client headers that are forwarded to subgraphs unchanged.'),
    each: z
      .record(
        z.string(),
        z.strictObject({
          url: httpUrl
            .optional()
            .describe('The URL of the subgraph; replaces the routing URL of the supergraph.'),
          identityKey: identityKeys
            .optional()
            .describe(
              'A secret of 32 bytes or more that gateway and subgraph share (`openssl rand -hex 32`); several with commas: the first signs, all are accepted. Better set by the variable. Required in production.',
            ),
          grpcAddress: serverAddress
            .optional()
            .describe(
              'Where the subgraph serves gRPC, without TLS, for REST routes that its services answer: see `rest.answeredBy`.',
            ),
          timeoutMs: wholeNumber(1, 600_000).optional().describe('Overrides `timeoutMs` above.'),
          maxInFlight: wholeNumber(1, 100_000)
            .optional()
            .describe('Overrides `calls.maxInFlight`.'),
          pipelining: wholeNumber(1, 64).optional().describe('Overrides `pipelining` above.'),
          eventProtocol: oneOf(eventProtocols)
            .optional()
            .describe(
              'How its subscriptions are opened. With `multipart` it may also answer with server-sent events: its content type decides. By default `sse`.',
            ),
          eventUrl: streamUrl
            .optional()
            .describe('Where its subscriptions are opened, if not at its URL.'),
          eventHeadersInInit: flag
            .optional()
            .describe(
              'Whether a WebSocket has the headers of the viewer also as the payload of `connection_init`, and not only in its handshake.',
            ),
        }),
      )
      .default({}),
  })
  .describe('How subgraphs are called: all of them, and, under `each`, single ones by name.');

/** Settings of calls to subgraphs. */
export type SubgraphsConfig = z.infer<typeof subgraphsSection>;

/** Settings of one subgraph. */
export type SubgraphConfig = SubgraphsConfig['each'][string];

/** The settings of one subgraph. */
export function settingsOf({ each }: SubgraphsConfig, subgraph: string): SubgraphConfig {
  const name = variableNameOf(subgraph);
  return Object.hasOwn(each, name) ? (each[name] ?? {}) : {};
}

/** How and where the subscriptions of a subgraph are opened. */
export function eventRouteOf({ eventProtocol, eventUrl, eventHeadersInInit }: SubgraphConfig): {
  readonly protocol: EventProtocol | undefined;
  readonly url: string | undefined;
  readonly headersInInit: boolean | undefined;
} {
  return { protocol: eventProtocol, url: eventUrl, headersInInit: eventHeadersInInit };
}

/** True when a subgraph posts its events. */
export function hasCallbacks({ each }: SubgraphsConfig): boolean {
  return Object.values(each).some(({ eventProtocol }) => eventProtocol === 'callback');
}

/** The subgraphs with settings that the supergraph does not have, by their names in variables. */
export function settingsOfUnknownSubgraphs(
  { each }: SubgraphsConfig,
  subgraphs: readonly string[],
): readonly string[] {
  const names = new Set(subgraphs.map(variableNameOf));
  return Object.keys(each).filter((name) => !names.has(name));
}
