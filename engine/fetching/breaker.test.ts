import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../common/errors.ts';
import {
  type OpenCall,
  settled,
  subgraphFailure,
  subgraphInHand,
  subgraphRequest,
} from '../../test/support/subgraph-calls.ts';
import { breakerPerSubgraph } from './breaker.ts';
import { createCancellation } from './cancellation.ts';
import type { SubgraphFetch, SubgraphRequest } from './types.ts';

describe('fetching/breaker', () => {
  let now: number;
  let ask: SubgraphFetch;
  let calls: readonly OpenCall[];
  let changes: readonly string[];

  beforeEach(() => {
    now = 1_000_000;
    const subgraph = subgraphInHand();
    calls = subgraph.calls;
    changes = [];
    ask = breakerPerSubgraph({
      failureShare: 0.5,
      minCalls: 4,
      windowMs: 10_000,
      openMs: 2_000,
      onChange: (name, isOpen) => (changes = [...changes, `${name} ${isOpen ? 'open' : 'closed'}`]),
      clock: { now: () => now },
    })(subgraph.fetch);
  });

  it('opens when half of the calls failed, and lets none through', async () => {
    await outcomes('fail', 'answer', 'answer', 'fail');
    const asked = calls.length;
    expect(await settled(ask(subgraphRequest()))).toMatchObject({
      code: 'SUBGRAPH_ERROR',
      neverStarted: true,
    });
    expect(calls).toHaveLength(asked);
  });

  it('stays closed for few calls, and for fewer failures', async () => {
    await outcomes('fail', 'fail', 'fail');
    await outcomes('answer', 'answer', 'answer', 'answer', 'answer', 'fail');
    expect(await isLeftAlone()).toBe(false);
  });

  it('does not add up failures of different times', async () => {
    await outcomes('fail', 'fail', 'fail');
    now += 10_000;
    await outcomes('fail', 'fail', 'fail', 'fail');
    expect(await isLeftAlone()).toBe(true);
  });

  it('opens soon after a long good time', async () => {
    for (let call = 0; call < 1_000; call += 1) await outcomes('answer');
    now += 60_000;
    await outcomes('fail', 'fail', 'fail', 'fail');
    expect(await isLeftAlone()).toBe(true);
  });

  it('tries one call after its time, and closes when that is answered', async () => {
    await outcomes('fail', 'fail', 'fail', 'fail');
    now += 1_999;
    expect(await settled(ask(subgraphRequest()))).toMatchObject({ code: 'SUBGRAPH_ERROR' });
    now += 1;
    const probe = ask(subgraphRequest());
    const meanwhile = await settled(ask(subgraphRequest()));
    expect(meanwhile).toMatchObject({ code: 'SUBGRAPH_ERROR' });
    expect(calls).toHaveLength(5);
    calls[4]?.answer();
    expect(await settled(probe)).toHaveProperty('body');
    expect(changes).toEqual(['orders open', 'orders closed']);
    await outcomes('fail', 'answer');
  });

  it('stays open for another time when the try fails', async () => {
    await outcomes('fail', 'fail', 'fail', 'fail');
    now += 2_000;
    await outcomes('fail');
    now += 1_999;
    expect(await isLeftAlone()).toBe(true);
    expect(changes).toEqual(['orders open']);
  });

  it('tries the next call when the one that tried was given up by its client', async () => {
    await outcomes('fail', 'fail', 'fail', 'fail');
    now += 2_000;
    const cancellation = createCancellation();
    const probe = settled(ask(subgraphRequest({ context: { cancellation } })));
    cancellation.cancel();
    await probe;
    await outcomes('answer', 'fail', 'answer');
  });

  it('does not blame a subgraph for clients that leave, for a whole answer that is late, or for a full line', async () => {
    for (let call = 0; call < 10; call += 1) {
      const cancellation = createCancellation();
      const left = settled(ask(subgraphRequest({ context: { cancellation } })));
      cancellation.cancel();
      await left;
      await outcome('fail', subgraphRequest({ context: { deadlineAt: now } }));
      const full = settled(ask(subgraphRequest()));
      calls.at(-1)?.fail(new AppError('OVERLOADED', 'full'));
      await full;
    }
    expect(await isLeftAlone()).toBe(false);
  });

  it('leaves other subgraphs alone', async () => {
    await outcomes('fail', 'fail', 'fail', 'fail');
    await outcome('answer', subgraphRequest({ subgraph: 'users' }));
    expect(calls.at(-1)?.request.subgraph).toBe('users');
  });

  it('is not opened again by calls of before', async () => {
    const old = Array.from({ length: 4 }, () => settled(ask(subgraphRequest())));
    await outcomes('fail', 'fail', 'fail', 'fail');
    now += 1_999;
    for (const call of calls.slice(0, 4)) call.fail(subgraphFailure());
    await Promise.all(old);
    now += 1;
    expect(await isLeftAlone()).toBe(false);
  });

  /** Whether a call does not reach the subgraph; one that does is answered. */
  async function isLeftAlone(): Promise<boolean> {
    const asked = calls.length;
    const call = settled(ask(subgraphRequest()));
    calls[asked]?.answer();
    await call;
    return calls.length === asked;
  }

  /** Each call has to reach the subgraph. */
  async function outcomes(...wanted: readonly ('answer' | 'fail')[]): Promise<void> {
    for (const one of wanted) await outcome(one, subgraphRequest());
  }

  async function outcome(wanted: 'answer' | 'fail', request: SubgraphRequest): Promise<void> {
    const asked = calls.length;
    const call = settled(ask(request));
    expect(calls).toHaveLength(asked + 1);
    if (wanted === 'answer') calls.at(-1)?.answer();
    else calls.at(-1)?.fail(subgraphFailure({ status: 500 }));
    await call;
  }
});
