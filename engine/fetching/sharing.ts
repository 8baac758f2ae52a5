import type { Clock } from '../../common/clock.ts';
import { remainingMs } from './deadline.ts';
import type { FetchLayer, SubgraphFetch, SubgraphRequest, SubgraphResponse } from './types.ts';

/**
 * Deduplicates queries in flight: a query with the same subgraph, body and headers, and so the same viewer, gets the
 * response of the first one, which runs under its own correlation id. When the first one's client disconnects or its
 * deadline passes, the others send a new query. No query joins one that started before a mutation of this gateway
 * ended, so that a client reads its own changes.
 */
export function shareQueries({ clock }: { readonly clock: Clock }): FetchLayer {
  // Shared by everything this layer wraps: a mutation in one subgraph may change what another one returns.
  const inFlight = new Array<QueryInFlight | undefined>(slotCount);
  const forgetAll = (): void => void inFlight.fill(undefined);
  return (next) => {
    const ask: SubgraphFetch = (request) => {
      if (request.operationKind !== 'query') return change(request);
      const slot = slotOf(request);
      const first = inFlight[slot];
      if (!first) return lead(request, slot);
      return first.next === next && isSame(first.request, request)
        ? follow(first, request)
        : next(request);
    };

    const change: SubgraphFetch = (request) => {
      const call = next(request);
      call.then(forgetAll, forgetAll);
      return call;
    };

    const lead = (request: SubgraphRequest, slot: number): Promise<SubgraphResponse> => {
      const query = { request, next, call: next(request) };
      inFlight[slot] = query;
      const forget = (): void => {
        if (inFlight[slot] === query) inFlight[slot] = undefined;
      };
      query.call.then(forget, forget);
      return query.call;
    };

    const follow = (first: QueryInFlight, request: SubgraphRequest): Promise<SubgraphResponse> =>
      first.call.then(
        // A parsed body belongs to its first receiver, who merges into it.
        (response) => (typeof response.body === 'string' ? response : next(request)),
        (error: unknown) => {
          if (isOver(first.request, clock) && !isOver(request, clock)) return ask(request);
          throw error;
        },
      );

    return ask;
  };
}

interface QueryInFlight {
  readonly request: SubgraphRequest;
  /** The fetch it was sent with: another supergraph may have another address for the subgraph. */
  readonly next: SubgraphFetch;
  readonly call: Promise<SubgraphResponse>;
}

/** Whether the client of a request disconnected or its deadline passed, which must not affect other requests. */
function isOver({ context }: SubgraphRequest, clock: Clock): boolean {
  return context.cancellation?.cancelled === true || remainingMs(context, clock) <= 0;
}

/**
 * The slots for queries in flight. Different queries seldom share one; the second is then sent without sharing. Not a
 * Map: with many insertions and deletions, its discarded tables keep their entries alive until the next full garbage
 * collection.
 */
const slotCount = 4_096;

/**
 * Hashes the length and the end of the body, which holds the variables, and the ends of the header values. Hashing all
 * of the text would cost more than the rest of the layer.
 */
function slotOf({ body, headers }: SubgraphRequest): number {
  let mixed = mixEnd(body.length, body);
  for (let at = 1; at < headers.length; at += 2) mixed = mixEnd(mixed, headers[at] ?? '');
  return (mixed ^ (mixed >>> 16)) & (slotCount - 1);
}

function mixEnd(mixed: number, text: string): number {
  let result = mixed;
  for (let at = Math.max(0, text.length - 24); at < text.length; at += 1) {
    result = (Math.imul(result, 31) + text.charCodeAt(at)) | 0;
  }
  return result;
}

function isSame(one: SubgraphRequest, other: SubgraphRequest): boolean {
  return (
    one.subgraph === other.subgraph &&
    one.body === other.body &&
    one.headers.length === other.headers.length &&
    one.headers.every((text, index) => text === other.headers[index])
  );
}
