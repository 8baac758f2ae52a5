import type { Clock } from '../../common/clock.ts';
import { remainingMs } from './deadline.ts';
import type { FetchLayer, SubgraphFetch, SubgraphRequest, SubgraphResponse } from './types.ts';

/**
 * A query that is asked again while it is in flight, of the same subgraph with the same body and equal headers, so on
 * behalf of the same viewer, gets the answer of the first one, under whose correlation id it runs. When the client of
 * the first one leaves, or its time is over, the others ask anew. No query joins one that was begun before a mutation
 * of this gateway ended: who changed something reads the change.
 */
export function shareQueries({ clock }: { readonly clock: Clock }): FetchLayer {
  // For all that this layer wraps: a mutation of one subgraph may change what another one answers.
  const inFlight = new Array<QueryInFlight | undefined>(places);
  const forgetAll = (): void => void inFlight.fill(undefined);
  return (next) => {
    const ask: SubgraphFetch = (request) => {
      if (request.operationKind !== 'query') return change(request);
      const place = placeOf(request);
      const first = inFlight[place];
      if (!first) return lead(request, place);
      return first.next === next && isSame(first.request, request)
        ? follow(first, request)
        : next(request);
    };

    const change: SubgraphFetch = (request) => {
      const call = next(request);
      call.then(forgetAll, forgetAll);
      return call;
    };

    const lead = (request: SubgraphRequest, place: number): Promise<SubgraphResponse> => {
      const query = { request, next, call: next(request) };
      inFlight[place] = query;
      const forget = (): void => {
        if (inFlight[place] === query) inFlight[place] = undefined;
      };
      query.call.then(forget, forget);
      return query.call;
    };

    const follow = (first: QueryInFlight, request: SubgraphRequest): Promise<SubgraphResponse> =>
      first.call.then(
        // What was parsed already belongs to whoever got it first, who merges into it.
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
  /** Where it was sent: another supergraph may have the subgraph elsewhere. */
  readonly next: SubgraphFetch;
  readonly call: Promise<SubgraphResponse>;
}

/** Whether a request has ended by its client's doing, which is no answer for another one. */
function isOver({ context }: SubgraphRequest, clock: Clock): boolean {
  return context.cancellation?.cancelled === true || remainingMs(context, clock) <= 0;
}

/**
 * Where a query is remembered: two that meet there are seldom different, and then the second one is just asked. No Map,
 * as its entries come and go: the tables that it leaves behind keep what was in them until the next whole collection.
 */
const places = 4_096;

/**
 * Of the length and the end of the body, where the variables stand, and the ends of the headers' values. To hash all of
 * the text costs more than the whole layer.
 */
function placeOf({ body, headers }: SubgraphRequest): number {
  let mixed = mixEnd(body.length, body);
  for (let at = 1; at < headers.length; at += 2) mixed = mixEnd(mixed, headers[at] ?? '');
  return (mixed ^ (mixed >>> 16)) & (places - 1);
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
