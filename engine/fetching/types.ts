import type { GatewayGraphQLRequestContext } from '../apollo-interface.ts';

/** What a GraphQL operation does (GraphQL spec §2.3). Only a `query` may be repeated, shared or abandoned. */
export type OperationKind = 'query' | 'mutation' | 'subscription';

/** Work that can be given up. */
export interface Cancellable {
  cancel(): void;
}

/**
 * Tells calls in flight that the client has left. An AbortSignal would do, at several microseconds a request: this is
 * a flag and a set, and a call registers itself instead of a closure.
 */
export interface Cancellation {
  readonly cancelled: boolean;
  /** Registers work that is given up when the client leaves; at once if it already has. */
  add(work: Cancellable): void;
  /** Forgets finished work. */
  delete(work: Cancellable): void;
}

/** What every subgraph call of one client request shares. */
export interface RequestContext {
  /** The client's leaving; `undefined` when nobody can tell. */
  readonly cancellation: Cancellation | undefined;
  /** When the whole answer is due, milliseconds since the Unix epoch; `undefined` for no limit. */
  readonly deadlineAt: number | undefined;
  /** Travels to every subgraph; differs per request, so it is no part of `headersFor`. */
  readonly correlationId: string | undefined;
  /** The client's IP address, where it is known. Like the correlation id it is no part of `headersFor`. */
  readonly clientAddress?: string | undefined;
  /**
   * The headers a subgraph must receive on behalf of this viewer, as a flat list of name, value, name, value … with
   * lower-case names. Calls with equal headers may share an answer, so whatever decides what a viewer sees belongs here.
   */
  readonly headersFor: (subgraph: string) => readonly string[];
  /** Told the access token of a session that a mutation has begun: what is still to be fetched is its holder's. */
  readonly onNewSession?: ((accessToken: string) => Promise<void>) | undefined;
  /** The request as Apollo Server knows it; `undefined` for one that comes without. */
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
  /** Where the answer belongs in the client's response: keys, and `@` for each item of a list. */
  readonly path: readonly string[];
  readonly context: RequestContext;
}

/** A GraphQL response (GraphQL spec §7.1) as a subgraph sent it: nothing in it is checked. */
export interface SubgraphResult {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

/** A complete response of a subgraph. Whatever is no GraphQL response is thrown as a SubgraphFailure instead. */
export interface SubgraphResponse {
  /** The body: its JSON text within the byte cap, or the value when the source had to parse it already. */
  readonly body: string | SubgraphResult;
  /** The `Cache-Control` header of the response. */
  readonly cacheControl: string | undefined;
}

/** Sends a request to its subgraph. Rejects with a SubgraphFailure when there is no GraphQL response. */
export type SubgraphFetch = (request: SubgraphRequest) => Promise<SubgraphResponse>;

/** A layer wraps a fetch and knows nothing else. */
export type FetchLayer = (next: SubgraphFetch) => SubgraphFetch;

/** What went wrong with a subgraph call: an entry of the response's `errors`, or whatever the fetch threw. */
export type SubgraphProblem =
  ReportedProblem | { readonly kind: 'thrown'; readonly error: unknown };

/** An entry of the `errors` of a subgraph's response, read without trust. */
export interface ReportedProblem {
  readonly kind: 'reported';
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  /** All that the response reports, so that one line of a log can tell it. */
  readonly report?: ProblemReport;
}

/** The `errors` of one response: the first of them, and how many there are. */
export interface ProblemReport {
  readonly problems: readonly ReportedProblem[];
  readonly count: number;
}

/** The part of an error that a client may read; execution adds the path. */
export interface ClientError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/**
 * Decides what a client reads about a problem. Called once for each problem that is told, a hundred for one call of a
 * subgraph at most, so it is also the place to log it.
 */
export type ProblemMapper = (problem: SubgraphProblem, request: SubgraphRequest) => ClientError;
