import type { GatewayGraphQLRequestContext } from '../apollo-interface.ts';

/** The kind of a GraphQL operation (GraphQL spec §2.3). Only a `query` may be repeated, shared or abandoned. */
export type OperationKind = 'query' | 'mutation' | 'subscription';

/** Work that can be cancelled. */
export interface Cancellable {
  cancel(): void;
}

/**
 * Tells calls in flight that the client has disconnected. An AbortSignal would cost several microseconds per request:
 * this is a flag and a list, and a call registers itself instead of a closure.
 */
export interface Cancellation {
  readonly cancelled: boolean;
  /** Registers work to cancel when the client disconnects; cancels it immediately when that has happened. */
  add(work: Cancellable): void;
  /** Removes finished work. */
  delete(work: Cancellable): void;
}

/** What all subgraph calls of a client request share. */
export interface RequestContext {
  /** The client's disconnection; `undefined` when it is unknown. */
  readonly cancellation: Cancellation | undefined;
  /** The deadline of the request, in milliseconds since the Unix epoch; `undefined` for none. */
  readonly deadlineAt: number | undefined;
  /** Sent to every subgraph. It is different for each request, so it is not part of `headersFor`. */
  readonly correlationId: string | undefined;
  /** The client's IP address, if known. Like the correlation id it is not part of `headersFor`. */
  readonly clientAddress?: string | undefined;
  /**
   * The headers that a subgraph receives for this viewer, as a flat list of alternating names and values, with
   * lower-case names. Calls with equal headers may share a response, so everything that decides what a viewer sees
   * belongs here.
   */
  readonly headersFor: (subgraph: string) => readonly string[];
  /** Those for what is the same for all viewers. Without it, such events are fetched for each viewer. */
  readonly publicHeadersFor?: ((subgraph: string) => readonly string[]) | undefined;
  /**
   * Called with the access token of a session that a mutation started: the rest of the operation is fetched as its
   * user.
   */
  readonly onNewSession?: ((accessToken: string) => Promise<void>) | undefined;
  /** The request as Apollo Server passes it; `undefined` without Apollo Server. */
  readonly incoming: GatewayGraphQLRequestContext | undefined;
}

/** One GraphQL request to one subgraph. */
export interface SubgraphRequest {
  readonly subgraph: string;
  readonly operationKind: OperationKind;
  /** The JSON text of `{ query, operationName?, variables? }`, ready to be sent. */
  readonly body: string;
  /** `context.headersFor(subgraph)`: see there. */
  readonly headers: readonly string[];
  /** Where the data belongs in the client's response: keys, and `@` for each list. */
  readonly path: readonly string[];
  readonly context: RequestContext;
}

/** A GraphQL response (GraphQL spec §7.1) as a subgraph sent it, unchecked. */
export interface SubgraphResult {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

/** A complete response of a subgraph. Anything that is not a GraphQL response is thrown as a SubgraphFailure. */
export interface SubgraphResponse {
  /** The body: JSON text within the size limit, or the parsed value when the source had to parse it. */
  readonly body: string | SubgraphResult;
  /** The `Cache-Control` header of the response. */
  readonly cacheControl: string | undefined;
  /** Of an event from a channel: the entity that it is about. */
  readonly entity?: Readonly<Record<string, unknown>> | undefined;
}

/** Sends a request to its subgraph. Rejects with a SubgraphFailure when the response is not GraphQL. */
export type SubgraphFetch = (request: SubgraphRequest) => Promise<SubgraphResponse>;

/** Wraps a fetch, and knows nothing else. */
export type FetchLayer = (next: SubgraphFetch) => SubgraphFetch;

/** What went wrong with a subgraph call: an entry of the response's `errors`, or an error that the fetch threw. */
export type SubgraphProblem =
  ReportedProblem | { readonly kind: 'thrown'; readonly error: unknown };

/** An entry of a subgraph response's `errors`, read without trusting it. */
export interface ReportedProblem {
  readonly kind: 'reported';
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  /** All errors of the response, so that one log line can list them. */
  readonly report?: ProblemReport;
}

/** The first `errors` of one response, and their total count. */
export interface ProblemReport {
  readonly problems: readonly ReportedProblem[];
  readonly count: number;
}

/** The part of an error that a client sees; execution adds the path. */
export interface ClientError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/**
 * Decides what a client sees of a problem. Called once per reported problem, at most a hundred times per subgraph call,
 * so it can also log.
 */
export type ProblemMapper = (problem: SubgraphProblem, request: SubgraphRequest) => ClientError;
