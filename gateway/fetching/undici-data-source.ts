import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import { Agent, errors } from 'undici';
import type { Clock } from '../../common/clock.ts';
import { correlationHeader } from '../../common/correlation.ts';
import { messageOf } from '../../common/errors.ts';
import { SubgraphFailure } from './failure.ts';
import type { Cancellable, RequestContext } from './types.ts';

/** How subgraphs are called. */
export interface SubgraphPoolOptions {
  /** Time a subgraph has to answer one call. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Connections to one origin, and so its calls in flight. */
  readonly maxConnections: number;
  readonly clock: Clock;
}

/** Connections to subgraphs, kept alive between calls. */
export interface SubgraphPool {
  /** The data source of one subgraph, for `buildService` of ApolloGateway. */
  dataSource(subgraph: string, url: string): GraphQLDataSource;
  /** Closes all connections once the calls in flight are answered. */
  close(): Promise<void>;
}

/**
 * Calls subgraphs with undici: within a deadline, redirects not followed, at most `maxResponseBytes` of a response.
 * A call carries what the request's context says (identity, correlation id) and nothing of the client's own. Rejects
 * with a SubgraphFailure when there is no GraphQL response.
 */
export function createSubgraphPool(options: SubgraphPoolOptions): SubgraphPool {
  const agent = new Agent({
    connections: options.maxConnections,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    connect: { timeout: options.timeoutMs },
    maxResponseSize: options.maxResponseBytes,
  });
  return {
    dataSource: (subgraph, url) => ({
      process: (process) => callSubgraph(process, { subgraph, url: new URL(url), agent, options }),
    }),
    close: () => agent.close(),
  };
}

/** What Apollo Server carries as a request's context value when it runs this data source. */
type CallContext = Omit<RequestContext, 'incoming'>;

interface Target {
  readonly subgraph: string;
  readonly url: URL;
  readonly agent: Agent;
  readonly options: SubgraphPoolOptions;
}

async function callSubgraph(
  call: GraphQLDataSourceProcessOptions,
  target: Target,
): Promise<GatewayGraphQLResponse> {
  const { subgraph, url, agent, options } = target;
  const context = call.context as CallContext;
  const { query, operationName, variables } = call.request;
  const patience = patienceFor(call, context, options);
  try {
    const { statusCode, body } = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: headersOf(context, subgraph),
      body: JSON.stringify({ query, operationName, variables }),
      signal: patience.signal,
    });
    return toResponse(subgraph, statusCode, await body.text());
  } catch (error) {
    throw error instanceof SubgraphFailure ? error : toFailure(error, target, patience);
  } finally {
    patience.end();
  }
}

function headersOf({ correlationId, headersFor }: CallContext, subgraph: string): string[] {
  const headers = ['content-type', 'application/json', 'accept', 'application/json'];
  if (correlationId !== undefined) headers.push(correlationHeader, correlationId);
  return [...headers, ...headersFor(subgraph)];
}

/** How long a call is waited for: the subgraph's deadline, the request's, and the client's staying. */
interface Patience {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  timedOut(): boolean;
  end(): void;
}

function patienceFor(
  call: GraphQLDataSourceProcessOptions,
  { deadlineAt, cancellation }: CallContext,
  { timeoutMs, clock }: SubgraphPoolOptions,
): Patience {
  const remaining = deadlineAt === undefined ? timeoutMs : Math.max(0, deadlineAt - clock.now());
  const allowed = Math.min(timeoutMs, remaining);
  const abort = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    abort.abort();
  }, allowed);
  const leaving: Cancellable = { cancel: () => abort.abort() };
  // A mutation that has begun is finished for a client that has left: half a change would be worse.
  const abandonable = isQuery(call);
  if (abandonable) cancellation?.add(leaving);
  return {
    signal: abort.signal,
    timeoutMs: allowed,
    timedOut: () => late,
    end: () => {
      clearTimeout(timer);
      cancellation?.delete(leaving);
    },
  };
}

function isQuery(call: GraphQLDataSourceProcessOptions): boolean {
  return (
    'incomingRequestContext' in call &&
    (call.incomingRequestContext.operation.operation as string) === 'query'
  );
}

function toResponse(subgraph: string, status: number, text: string): GatewayGraphQLResponse {
  if (status === 401 || status === 403) {
    throw new SubgraphFailure(
      'SUBGRAPH_ERROR',
      subgraph,
      `refused the gateway's signed identity with status ${status}.`,
    );
  }
  const isAnswer = (status >= 200 && status < 300) || (status >= 400 && status < 500);
  const body = isAnswer ? parseObject(text) : undefined;
  if (!body || (body.data === undefined && !Array.isArray(body.errors))) {
    throw new SubgraphFailure(
      'SUBGRAPH_ERROR',
      subgraph,
      `was expected to send a GraphQL response, but sent ${text.length} characters with status ${status}.`,
    );
  }
  const { data, errors: problems } = body as GatewayGraphQLResponse;
  return {
    ...(data !== undefined && { data }),
    ...(Array.isArray(problems) && { errors: problems.map(withoutHttp) }),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Apollo Server takes `extensions.http` for its own wish for a status: a subgraph has no say in that. */
function withoutHttp<TError extends { readonly extensions?: Record<string, unknown> }>(
  error: TError,
): TError {
  const extensions = Object.entries(error.extensions ?? {}).filter(([name]) => name !== 'http');
  return { ...error, extensions: Object.fromEntries(extensions) };
}

function toFailure(error: unknown, { subgraph, options }: Target, patience: Patience) {
  if (patience.timedOut()) {
    const problem = `did not answer within ${patience.timeoutMs} ms.`;
    return new SubgraphFailure('SUBGRAPH_TIMEOUT', subgraph, problem, { cause: error });
  }
  const problem =
    error instanceof errors.ResponseExceededMaxSizeError
      ? `sent more than ${options.maxResponseBytes} bytes.`
      : `could not be asked: ${messageOf(error)}.`;
  return new SubgraphFailure('SUBGRAPH_ERROR', subgraph, problem, { cause: error });
}
