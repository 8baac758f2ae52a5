import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import {
  settled,
  subgraphFailure,
  subgraphRequest,
  subgraphResponse,
} from '../../test/support/subgraph-calls.ts';
import { createCancellation } from './cancellation.ts';
import { retryReads, type RetryOptions } from './retry.ts';
import type { SubgraphFetch } from './types.ts';

describe('fetching/retry', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['no connection', { neverStarted: true }],
    [
      'a connection that was lost',
      { cause: Object.assign(new Error(), { code: 'UND_ERR_SOCKET' }) },
    ],
  ])('retries a query after %s', async (_name, failure) => {
    const { ask, asked } = await failing([subgraphFailure(failure)]);
    expect(await later(ask(subgraphRequest()))).toEqual(subgraphResponse());
    expect(asked()).toBe(2);
  });

  it.each([
    [
      'a mutation',
      subgraphRequest({ operationKind: 'mutation' }),
      subgraphFailure({ status: 503 }),
    ],
    ['after 500', subgraphRequest(), subgraphFailure({ status: 500 })],
    ['after a response that is not GraphQL', subgraphRequest(), subgraphFailure()],
    ['after a deadline', subgraphRequest(), subgraphFailure({}, 'SUBGRAPH_TIMEOUT')],
    ['without a place in the queue', subgraphRequest(), new AppError('OVERLOADED', 'full')],
  ])('does not retry: %s', async (_name, request, failure) => {
    const { ask, asked } = await failing([failure]);
    expect(await later(ask(request))).toBe(failure);
    expect(asked()).toBe(1);
  });

  it('gives up after the maximum number of retries, with the last failure', async () => {
    const failures = [1, 2, 3, 4].map(() => subgraphFailure({ status: 503 }));
    const { ask, asked } = await failing(failures, { maxRetries: 2 });
    expect(await later(ask(subgraphRequest()))).toBe(failures[2]);
    expect(asked()).toBe(3);
  });

  it('waits a random time before each retry, longer each time', async () => {
    const failures = [1, 2].map(() => subgraphFailure({ status: 503 }));
    const { ask, asked } = await failing(failures, { maxRetries: 2, random: () => 0.5 });
    const answer = ask(subgraphRequest());
    const askedAfter: number[] = [];
    for (const ms of [24, 1, 49, 1]) {
      await jest.advanceTimersByTimeAsync(ms);
      askedAfter.push(asked());
    }
    expect(askedAfter).toEqual([1, 2, 2, 3]);
    expect(await settled(answer)).toEqual(subgraphResponse());
  });

  it('does not wait past the deadline of the request', async () => {
    const failure = subgraphFailure({ status: 503 });
    const { ask, asked } = await failing([failure], { random: () => 0.5 });
    const context = { deadlineAt: systemClock.now() + 25 };
    expect(await settled(ask(subgraphRequest({ context })))).toBe(failure);
    expect(asked()).toBe(1);
  });

  it('does not retry once the client has disconnected, even while it waits to', async () => {
    const failure = subgraphFailure({ status: 503 });
    const { ask, asked } = await failing([failure], { random: () => 0.5 });
    const cancellation = createCancellation();
    const answer = ask(subgraphRequest({ context: { cancellation } }));
    await jest.advanceTimersByTimeAsync(10);
    cancellation.cancel();
    expect(await settled(answer)).toBe(failure);
    expect([asked(), jest.getTimerCount()]).toEqual([1, 0]);
  });

  it('adds at most a fifth when everything fails, from the first call on and after quiet times', async () => {
    let asked = 0;
    let isDown = true;
    const ask = retrying(() => {
      asked += 1;
      return isDown
        ? Promise.reject(subgraphFailure({ status: 503 }))
        : Promise.resolve(subgraphResponse());
    });
    const send = async (calls: number): Promise<number> => {
      const before = asked;
      for (let call = 0; call < calls; call += 1) await later(ask(subgraphRequest()));
      return asked - before;
    };
    expect(await send(1_000)).toBe(1_200);
    isDown = false;
    expect(await send(1_000)).toBe(1_000);
    isDown = true;
    // Ten retries were saved. New queries add a fifth, except for the first one, which finds the savings full.
    expect(await send(100)).toBe(100 + 10 + 19);
  });

  it('keeps a budget for each subgraph', async () => {
    const { ask, asked } = await failing([subgraphFailure({ status: 503 })]);
    await later(ask(subgraphRequest({ subgraph: 'users' })));
    expect(asked()).toBe(1);
  });
});

/** A subgraph that has had enough calls to allow a few retries, and then fails with `failures` before it answers. */
async function failing(
  failures: readonly Error[],
  options: Partial<RetryOptions> = {},
): Promise<{ readonly ask: SubgraphFetch; readonly asked: () => number }> {
  let asked = -50;
  const ask = retrying(() => {
    const failure = asked >= 0 ? failures[asked] : undefined;
    asked += 1;
    return failure ? Promise.reject(failure) : Promise.resolve(subgraphResponse());
  }, options);
  for (let call = 0; call < 50; call += 1) await ask(subgraphRequest());
  return { ask, asked: () => asked };
}

function retrying(fetch: SubgraphFetch, options: Partial<RetryOptions> = {}): SubgraphFetch {
  return retryReads({
    maxRetries: 1,
    budgetShare: 0.2,
    maxBackoffMs: 50,
    random: () => 0,
    clock: systemClock,
    ...options,
  })(fetch);
}

/** The outcome of a call, once its waits are over. */
async function later(answer: Promise<unknown>): Promise<unknown> {
  const outcome = answer.catch((error: unknown) => error);
  await jest.advanceTimersByTimeAsync(500);
  return settled(outcome);
}
