import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type OpenCall,
  settled,
  subgraphFailure,
  subgraphInHand,
  subgraphRequest,
  subgraphResponse,
} from '../../test/support/subgraph-calls.ts';
import { createCancellation } from './cancellation.ts';
import { shareQueries } from './sharing.ts';
import type { SubgraphFetch } from './types.ts';

describe('fetching/sharing', () => {
  let now: number;
  let ask: SubgraphFetch;
  let calls: readonly OpenCall[];

  beforeEach(() => {
    now = 1_000_000;
    const subgraph = subgraphInHand();
    calls = subgraph.calls;
    ask = shareQueries({ clock: { now: () => now } })(subgraph.fetch);
  });

  it('sends equal queries only once at a time', async () => {
    const answers = [1, 2, 3].map(() => settled(ask(subgraphRequest())));
    expect(calls).toHaveLength(1);
    calls[0]?.answer(subgraphResponse('{"data":{"me":{"id":"1"}}}'));
    expect(await Promise.all(answers)).toEqual(
      [1, 2, 3].map(() => subgraphResponse('{"data":{"me":{"id":"1"}}}')),
    );
  });

  it('shares a failure too', async () => {
    const failure = subgraphFailure({ status: 500 });
    const answers = [1, 2].map(() => settled(ask(subgraphRequest())));
    calls[0]?.fail(failure);
    expect(await Promise.all(answers)).toEqual([failure, failure]);
    expect(calls).toHaveLength(1);
  });

  it('sends the query again after the response', async () => {
    const first = settled(ask(subgraphRequest()));
    calls[0]?.answer();
    await first;
    void ask(subgraphRequest());
    expect(calls).toHaveLength(2);
  });

  it('shares nothing between two addresses of a subgraph, from two supergraphs', () => {
    const layer = shareQueries({ clock: { now: () => now } });
    const [old, young] = [subgraphInHand(), subgraphInHand()];
    void layer(old.fetch)(subgraphRequest());
    void layer(young.fetch)(subgraphRequest());
    expect([old.calls.length, young.calls.length]).toEqual([1, 1]);
  });

  it('sends a query again when a mutation in another subgraph has ended', async () => {
    const layer = shareQueries({ clock: { now: () => now } });
    const [orders, users] = [subgraphInHand(), subgraphInHand()];
    const askUsers = layer(users.fetch);
    void askUsers(subgraphRequest({ subgraph: 'users' }));
    const change = settled(layer(orders.fetch)(subgraphRequest({ operationKind: 'mutation' })));
    orders.calls[0]?.answer();
    await change;
    void askUsers(subgraphRequest({ subgraph: 'users' }));
    expect(users.calls).toHaveLength(2);
  });

  it.each([
    ['viewer', { headers: ['x-gateway-identity', 'token-of-jane'] }],
    [
      'additional header',
      { headers: ['x-gateway-identity', 'token-of-john', 'accept-language', 'de'] },
    ],
    ['body', { body: '{"query":"{me{name}}"}' }],
    ['subgraph', { subgraph: 'users' }],
  ])('shares nothing with a different %s', (_name, other) => {
    void ask(subgraphRequest());
    void ask(subgraphRequest(other));
    expect(calls).toHaveLength(2);
  });

  it('distinguishes queries that differ only in the middle', async () => {
    const [one, other] = ['a', 'b'].map((name) => `{"query":"{${name}}${' '.repeat(100)}"}`);
    const answers = [one, other, other].map((body = '') => settled(ask(subgraphRequest({ body }))));
    calls.forEach((call) => call.answer(subgraphResponse(call.request.body)));
    expect(await Promise.all(answers)).toEqual(
      [one, other, other].map((body) => subgraphResponse(body)),
    );
  });

  it('never shares a mutation', () => {
    void ask(subgraphRequest({ operationKind: 'mutation' }));
    void ask(subgraphRequest({ operationKind: 'mutation' }));
    expect(calls).toHaveLength(2);
  });

  it('joins no query that started before a mutation ended', async () => {
    void ask(subgraphRequest());
    const change = settled(ask(subgraphRequest({ subgraph: 'users', operationKind: 'mutation' })));
    calls[1]?.answer();
    await change;
    void ask(subgraphRequest());
    expect(calls).toHaveLength(3);
  });

  it('sends one new query for all that wait when the client of the first one disconnects', async () => {
    const cancellation = createCancellation();
    const left = settled(ask(subgraphRequest({ context: { cancellation } })));
    const others = [1, 2].map(() => ask(subgraphRequest()));
    cancellation.cancel();
    expect(await left).toMatchObject({ code: 'SUBGRAPH_ERROR' });
    expect(calls).toHaveLength(2);
    calls[1]?.answer();
    expect(await Promise.all(others)).toEqual([subgraphResponse(), subgraphResponse()]);
  });

  it('sends a new query when the deadline of the first one passes before that of the next one', async () => {
    const hasty = settled(ask(subgraphRequest({ context: { deadlineAt: now + 10 } })));
    const patient = ask(subgraphRequest({ context: { deadlineAt: now + 8_000 } }));
    now += 10;
    calls[0]?.fail(subgraphFailure({}, 'SUBGRAPH_TIMEOUT'));
    expect(await hasty).toMatchObject({ code: 'SUBGRAPH_TIMEOUT' });
    calls[1]?.answer();
    expect(await settled(patient)).toEqual(subgraphResponse());
  });

  it('continues for the first one when a client that joined disconnects', () => {
    const cancellation = createCancellation();
    void ask(subgraphRequest());
    void ask(subgraphRequest({ context: { cancellation } }));
    cancellation.cancel();
    expect(calls.map(({ cancelled }) => cancelled)).toEqual([false]);
  });

  it('does not share a parsed body, because each receiver merges into it', async () => {
    const answers = [1, 2].map(() => settled(ask(subgraphRequest())));
    const first = subgraphResponse({ data: {} });
    calls[0]?.answer(first);
    expect(await answers[0]).toBe(first);
    calls[1]?.answer(subgraphResponse({ data: {} }));
    const second = (await answers[1]) as typeof first;
    expect(second).toEqual(first);
    expect(second.body).not.toBe(first.body);
  });
});
