import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { nearestWithin } from '../../common/nearest.ts';
import type { EndReason } from '../streams/end-reason.ts';
import type { SubscriptionSettings } from '../streams/subscriptions.ts';
import type { JsonRequest } from './json-request.ts';
import type { SupergraphGateway } from './supergraph-gateway.ts';

/** The part of an Apollo Server that a handler of subscriptions uses. */
export interface SubscriptionServer<TContext extends object> {
  executeOperation(
    request: JsonRequest & {
      /** An `HTTPGraphQLRequest`; its headers are of a class that only Apollo Server's package has. */
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every version of that class must be accepted
      readonly http: any;
    },
    options: { readonly contextValue: TContext },
  ): Promise<{
    readonly http: {
      readonly status?: number | undefined;
      readonly headers: Iterable<[string, string]>;
    };
    readonly body: { readonly kind: string; readonly singleResult?: unknown };
  }>;
  addPlugin(plugin: { serverWillStart(): Promise<{ drainServer(): Promise<void> }> }): void;
}

/** A request to a handler, and its response. */
export interface HandledRequest {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** The options of `createSubscriptionHandler`. */
export interface SubscriptionHandlerOptions<
  TContext extends object,
> extends Partial<SubscriptionSettings> {
  /** The gateway of the server. */
  readonly gateway: SupergraphGateway;
  /** The Apollo Server, not started yet. Subscriptions pass it as its other operations do, and end when it stops. */
  readonly server: SubscriptionServer<TContext>;
  /** The context value of a request, as for the server's integration. What it throws refuses the request. */
  readonly context: (request: HandledRequest) => TContext | Promise<TContext>;
  /** By what open subscriptions are counted. Default: the address of the connection. */
  readonly viewerOf?: (context: TContext, request: HandledRequest) => string;
  /** When a subscription ends, in milliseconds since the Unix epoch, such as the `exp` of an access token. Default: never. */
  readonly endsAt?: (context: TContext) => number | undefined;
  /** As the option of Apollo Server, for the errors of events. */
  readonly formatError?: (
    formatted: GraphQLFormattedError,
    error: GraphQLError,
  ) => GraphQLFormattedError;
  /** Called once for each subscription that has ended. */
  readonly onEnded?: (context: TContext, reason: EndReason, events: number) => void;
  /** How long the rest of the plan may take for one event. Default: 30,000. */
  readonly eventTimeoutMs?: number;
  /** How long a client may take to read what was sent to it. Default: 30,000. */
  readonly sendTimeoutMs?: number;
  /** The maximum size of a body. Default: 262,144. */
  readonly maxBodyBytes?: number;
}

/** The default values. */
export const handlerDefaults = {
  maxOpen: 5_000,
  maxPerViewer: 50,
  heartbeatMs: 10_000,
  newestOnly: [],
  replaying: [],
  queueMax: 32,
  queueMaxBytes: 1024 * 1024,
  reloadSpreadMs: 5_000,
  eventTimeoutMs: 30_000,
  sendTimeoutMs: 30_000,
  maxBodyBytes: 256 * 1024,
} as const;

/** Every option; a missing name is a compile error. */
const names: Readonly<Record<keyof SubscriptionHandlerOptions<object>, true>> = {
  gateway: true,
  server: true,
  context: true,
  viewerOf: true,
  endsAt: true,
  formatError: true,
  onEnded: true,
  maxOpen: true,
  maxPerViewer: true,
  heartbeatMs: true,
  newestOnly: true,
  replaying: true,
  queueMax: true,
  queueMaxBytes: true,
  reloadSpreadMs: true,
  eventTimeoutMs: true,
  sendTimeoutMs: true,
  maxBodyBytes: true,
};

/** Throws a TypeError for options that a handler cannot work with. */
export function checkHandlerOptions(options: object): void {
  const { gateway, context } = options as Partial<SubscriptionHandlerOptions<object>>;
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    const meant = nearestWithin(name, Object.keys(names), ({ length }) => length / 3);
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    throw new TypeError(`createSubscriptionHandler has no option "${name}"${hint}`);
  }
  if (typeof context !== 'function')
    throw new TypeError('Expected the option "context": a function that returns a context value.');
  if (gateway?.usesDataSources === true)
    throw new TypeError(
      'A gateway with "buildService" cannot open subscriptions: its data sources know no events. Use "subgraphHeaders" and "layers" instead.',
    );
}
