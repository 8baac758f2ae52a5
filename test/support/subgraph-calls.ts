import { SubgraphFailure } from '../../engine/fetching/failure.ts';
import type {
  Cancellable,
  RequestContext,
  SubgraphFetch,
  SubgraphRequest,
  SubgraphResponse,
} from '../../engine/fetching/types.ts';

/** A query to the subgraph `orders`, unless told otherwise. */
export function subgraphRequest({
  context,
  ...rest
}: Partial<Omit<SubgraphRequest, 'context'>> & {
  readonly context?: Partial<RequestContext>;
} = {}): SubgraphRequest {
  const headers = ['x-gateway-identity', 'token-of-john'];
  return {
    subgraph: 'orders',
    operationKind: 'query',
    body: '{"query":"{me{id}}"}',
    headers,
    path: [],
    ...rest,
    context: requestContext({
      correlationId: 'test-correlation-id',
      headersFor: () => headers,
      ...context,
    }),
  };
}

/** What the calls of one request share: nothing, unless told otherwise. */
export function requestContext(given: Partial<RequestContext> = {}): RequestContext {
  return {
    cancellation: undefined,
    deadlineAt: undefined,
    correlationId: undefined,
    headersFor: () => [],
    incoming: undefined,
    ...given,
  };
}

/** A response with this body. */
export function subgraphResponse(body: SubgraphResponse['body'] = '{"data":{}}'): SubgraphResponse {
  return { body, cacheControl: undefined };
}

/** A failure to get a GraphQL response from `orders`. */
export function subgraphFailure(
  details: ConstructorParameters<typeof SubgraphFailure>[3] = {},
  code: 'SUBGRAPH_ERROR' | 'SUBGRAPH_TIMEOUT' = 'SUBGRAPH_ERROR',
): SubgraphFailure {
  return new SubgraphFailure(code, 'orders', 'failed as the test wants it.', details);
}

/** A call that reached a subgraph, which the test answers when it likes. */
export interface OpenCall {
  readonly request: SubgraphRequest;
  /** Whether the caller gave it up. */
  readonly cancelled: boolean;
  answer(response?: SubgraphResponse): void;
  fail(error: unknown): void;
}

/**
 * A subgraph in the hands of the test: calls stay open until it answers them. As an HTTP client does, it fails a call
 * that is given up, unless it is `deaf`.
 */
export function subgraphInHand({ deaf = false }: { readonly deaf?: boolean } = {}): {
  readonly fetch: SubgraphFetch;
  readonly calls: readonly OpenCall[];
} {
  const calls: OpenCall[] = [];
  return {
    calls,
    fetch: (request) =>
      new Promise((answer, fail) => {
        const call = {
          request,
          cancelled: false,
          answer: (response = subgraphResponse()) => answer(response),
          fail,
        };
        const work: Cancellable = {
          cancel: () => {
            call.cancelled = true;
            if (!deaf) fail(subgraphFailure());
          },
        };
        calls.push(call);
        request.context.cancellation?.add(work);
      }),
  };
}

/** What a promise came to: its value or its error. Waits for nothing that takes time. */
export async function settled(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([
    promise.catch((error: unknown) => error),
    turns(20).then(() => 'still waiting'),
  ]);
}

/** Lets promises that are due run. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
}
