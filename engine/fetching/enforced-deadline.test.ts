import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import {
  settled,
  subgraphFailure,
  subgraphInHand,
  subgraphRequest,
  subgraphResponse,
} from '../../test/support/subgraph-calls.ts';
import { createCancellation } from './cancellation.ts';
import { enforceDeadline } from './enforced-deadline.ts';
import type { SubgraphRequest } from './types.ts';

describe('fetching/enforced-deadline', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const layer = enforceDeadline({ clock: systemClock });

  it.each([false, true])(
    'rejects with SUBGRAPH_TIMEOUT when a subgraph is silent, and cancels the call (ignores cancellation: %p)',
    async (deaf) => {
      const { fetch, calls } = subgraphInHand({ deaf });
      const answer = layer(fetch)(dueIn(300));
      await jest.advanceTimersByTimeAsync(299);
      expect([await settled(answer), calls[0]?.cancelled]).toEqual(['still waiting', false]);
      await jest.advanceTimersByTimeAsync(1);
      expect(await settled(answer)).toMatchObject({
        code: 'SUBGRAPH_TIMEOUT',
        message: 'Subgraph "orders" did not answer within 300 ms.',
      });
      expect(calls[0]?.cancelled).toBe(true);
    },
  );

  it('cancels a mutation too', async () => {
    const { fetch, calls } = subgraphInHand();
    const answer = layer(fetch)({ ...dueIn(300), operationKind: 'mutation' }).catch(
      (error: unknown) => error,
    );
    await jest.advanceTimersByTimeAsync(300);
    expect(calls[0]?.cancelled).toBe(true);
    expect(await answer).toMatchObject({ code: 'SUBGRAPH_TIMEOUT' });
  });

  it('passes responses and failures on unchanged, and leaves no timer behind', async () => {
    const { fetch, calls } = subgraphInHand();
    const [answer, failure] = [layer(fetch)(dueIn(300)), layer(fetch)(dueIn(300))];
    calls[0]?.answer(subgraphResponse('{"data":{"me":null}}'));
    calls[1]?.fail(subgraphFailure({ status: 500 }));
    expect(await settled(answer)).toEqual(subgraphResponse('{"data":{"me":null}}'));
    expect(await settled(failure)).toMatchObject({ code: 'SUBGRAPH_ERROR', status: 500 });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('still cancels a call when the client disconnects', async () => {
    const { fetch, calls } = subgraphInHand();
    const cancellation = createCancellation();
    const answer = layer(fetch)(dueIn(300, cancellation));
    cancellation.cancel();
    expect(calls[0]?.cancelled).toBe(true);
    expect(await settled(answer)).toMatchObject({ code: 'SUBGRAPH_ERROR' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('passes a request without a deadline on unchanged', () => {
    const { fetch, calls } = subgraphInHand();
    const request = subgraphRequest();
    void layer(fetch)(request);
    expect(calls[0]?.request).toBe(request);
    expect(jest.getTimerCount()).toBe(0);
  });
});

function dueIn(ms: number, cancellation = createCancellation()): SubgraphRequest {
  return subgraphRequest({ context: { deadlineAt: systemClock.now() + ms, cancellation } });
}
