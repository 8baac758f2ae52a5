import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import {
  settled,
  subgraphFailure,
  subgraphInHand,
  subgraphRequest,
  turns,
} from '../../test/support/subgraph-calls.ts';
import { createCancellation } from './cancellation.ts';
import { limitInFlight } from './in-flight-limit.ts';
import type { SubgraphFetch } from './types.ts';

describe('fetching/in-flight-limit', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('limits the calls at a time; the others follow in order as places become free', async () => {
    const { ask, calls } = limited();
    for (const body of ['a', 'b', 'c', 'd']) void ask(subgraphRequest({ body }));
    const bodies = (): readonly string[] => calls.map(({ request }) => request.body);
    expect(bodies()).toEqual(['a', 'b']);
    calls[1]?.answer();
    await turns();
    expect(bodies()).toEqual(['a', 'b', 'c']);
    calls[0]?.answer();
    await turns();
    expect(bodies()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('applies the limit of each subgraph', () => {
    const subgraph = subgraphInHand();
    const ask = limitInFlight({
      maxInFlight: (name) => (name === 'orders' ? 1 : 3),
      maxWaiting: 10,
      maxWaitMs: 1_000,
      clock: systemClock,
    })(subgraph.fetch);
    for (const name of ['orders', 'users', 'orders', 'users', 'users', 'users'])
      void ask(subgraphRequest({ subgraph: name }));
    const asked = subgraph.calls.map(({ request }) => request.subgraph);
    expect(asked).toEqual(['orders', 'users', 'users', 'users']);
  });

  it('gives each response and failure to its own call', async () => {
    const { ask, calls } = limited();
    const answers = ['a', 'b', 'c', 'd'].map((body) => settled(ask(subgraphRequest({ body }))));
    calls[0]?.answer();
    calls[1]?.fail(subgraphFailure({ status: 500 }));
    await turns(5);
    calls[2]?.answer();
    calls[3]?.fail(subgraphFailure({ status: 502 }));
    expect(await Promise.all(answers)).toMatchObject([
      { body: '{"data":{}}' },
      { status: 500 },
      { body: '{"data":{}}' },
      { status: 502 },
    ]);
  });

  it('rejects with OVERLOADED when the queue is full', async () => {
    const { ask, calls } = limited();
    const refused = ['a', 'b', 'c', 'd', 'e'].map((body) =>
      settled(ask(subgraphRequest({ body }))),
    );
    expect(await refused.at(-1)).toMatchObject({
      code: 'OVERLOADED',
      message: 'Subgraph "orders" is not called: too many calls are waiting for it.',
    });
    expect(calls).toHaveLength(2);
  });

  it('counts each subgraph separately', () => {
    const { ask, calls } = limited();
    for (const subgraph of ['orders', 'orders', 'orders', 'users', 'users', 'users']) {
      void ask(subgraphRequest({ subgraph }));
    }
    expect(calls.map(({ request }) => request.subgraph)).toEqual([
      'orders',
      'orders',
      'users',
      'users',
    ]);
  });

  it('waits no longer than the maximum wait, nor past the deadline of the request', async () => {
    const { ask } = limited();
    void ask(subgraphRequest());
    void ask(subgraphRequest());
    const patient = ask(subgraphRequest());
    const hasty = ask(subgraphRequest({ context: { deadlineAt: systemClock.now() + 100 } }));
    await jest.advanceTimersByTimeAsync(100);
    expect(await settled(hasty)).toMatchObject({ code: 'OVERLOADED' });
    expect(await settled(patient)).toBe('still waiting');
    await jest.advanceTimersByTimeAsync(400);
    expect(await settled(patient)).toMatchObject({ code: 'OVERLOADED' });
  });

  it('removes the call of a disconnected client from the queue, and the next one moves up', async () => {
    const { ask, calls } = limited();
    const cancellation = createCancellation();
    void ask(subgraphRequest({ body: 'a' }));
    void ask(subgraphRequest({ body: 'b' }));
    const left = settled(ask(subgraphRequest({ body: 'c', context: { cancellation } })));
    void ask(subgraphRequest({ body: 'd' }));
    cancellation.cancel();
    expect(await left).toMatchObject({ code: 'OVERLOADED' });
    calls[0]?.answer();
    await turns();
    expect(calls.map(({ request }) => request.body)).toEqual(['a', 'b', 'd']);
  });

  it('never exceeds its limit, and loses no place, under a thousand calls', async () => {
    const { ask, calls } = limited({ maxWaiting: 1_000 });
    const answers = Array.from({ length: 1_000 }, () => ask(subgraphRequest()));
    for (let done = 0; done < 1_000; done += 1) {
      expect(calls.length - done).toBe(Math.min(2, 1_000 - done));
      if (done % 3 === 0) calls[done]?.fail(subgraphFailure());
      else calls[done]?.answer();
      await turns(4);
    }
    expect(await Promise.allSettled(answers)).toHaveLength(1_000);
    expect(jest.getTimerCount()).toBe(0);
  });
});

function limited({ maxWaiting = 2 } = {}): {
  readonly ask: SubgraphFetch;
  readonly calls: ReturnType<typeof subgraphInHand>['calls'];
} {
  const { fetch, calls } = subgraphInHand();
  const layer = limitInFlight({ maxInFlight: 2, maxWaiting, maxWaitMs: 500, clock: systemClock });
  const ask = layer(fetch);
  return {
    // A call that a test ignores may fail without ending the process.
    ask: (request) => {
      const answer = ask(request);
      answer.catch(() => undefined);
      return answer;
    },
    calls,
  };
}
