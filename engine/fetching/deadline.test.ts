import { describe, expect, it } from '@jest/globals';
import { remainingTimeHeader } from '../../common/call-headers.ts';
import { settled, subgraphInHand, subgraphRequest } from '../../test/support/subgraph-calls.ts';
import { deadline } from './deadline.ts';

const clock = { now: () => 1_000_000 };
const timeoutMsFor = (subgraph: string): number => (subgraph === 'slow' ? 9_000 : 3_000);

describe('fetching/deadline', () => {
  it('gives a call the timeout of its subgraph, and sends the remaining time to the subgraph', () => {
    const { fetch, calls } = subgraphInHand();
    const ask = deadline({ timeoutMsFor, sendRemainingTime: true, clock })(fetch);
    void ask(subgraphRequest({ subgraph: 'orders' }));
    void ask(subgraphRequest({ subgraph: 'slow' }));
    expect(calls.map(({ request }) => request.context.deadlineAt)).toEqual([1_003_000, 1_009_000]);
    expect(calls.map(({ request }) => request.headers)).toEqual([
      ['x-gateway-identity', 'token-of-john', remainingTimeHeader, '3000'],
      ['x-gateway-identity', 'token-of-john', remainingTimeHeader, '9000'],
    ]);
  });

  it('gives a call no more time than its request has left', () => {
    const { fetch, calls } = subgraphInHand();
    const ask = deadline({ timeoutMsFor, sendRemainingTime: true, clock })(fetch);
    void ask(subgraphRequest({ context: { deadlineAt: 1_000_250 } }));
    expect(calls[0]?.request.context.deadlineAt).toBe(1_000_250);
    expect(calls[0]?.request.headers).toContain('250');
  });

  it('does not send the remaining time when that is off', () => {
    const { fetch, calls } = subgraphInHand();
    const ask = deadline({ timeoutMsFor, sendRemainingTime: false, clock })(fetch);
    const request = subgraphRequest();
    void ask(request);
    expect(calls[0]?.request.headers).toBe(request.headers);
  });

  it.each([0, -1])('makes no call when %i ms are left', async (leftMs) => {
    const { fetch, calls } = subgraphInHand();
    const ask = deadline({ timeoutMsFor, sendRemainingTime: true, clock })(fetch);
    const request = subgraphRequest({ context: { deadlineAt: clock.now() + leftMs } });
    expect(await settled(ask(request))).toMatchObject({ code: 'SUBGRAPH_TIMEOUT' });
    expect(calls).toHaveLength(0);
  });
});
