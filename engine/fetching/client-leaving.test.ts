import { describe, expect, it } from '@jest/globals';
import { settled, subgraphInHand, subgraphRequest } from '../../test/support/subgraph-calls.ts';
import { createCancellation } from './cancellation.ts';
import { whileClientStays } from './client-leaving.ts';

describe('fetching/client-leaving', () => {
  it('takes a query along when the client leaves', async () => {
    const { fetch, calls } = subgraphInHand();
    const cancellation = createCancellation();
    const answer = whileClientStays(fetch)(subgraphRequest({ context: { cancellation } }));
    cancellation.cancel();
    expect(calls[0]?.cancelled).toBe(true);
    expect(await settled(answer)).toMatchObject({ code: 'SUBGRAPH_ERROR' });
  });

  it('lets a mutation that was begun go on', async () => {
    const { fetch, calls } = subgraphInHand();
    const cancellation = createCancellation();
    const answer = whileClientStays(fetch)(
      subgraphRequest({ operationKind: 'mutation', context: { cancellation } }),
    );
    cancellation.cancel();
    expect(calls[0]?.cancelled).toBe(false);
    calls[0]?.answer();
    expect(await settled(answer)).toHaveProperty('body');
  });

  it.each(['query', 'mutation'] as const)(
    'begins no %s for a client that has left',
    async (operationKind) => {
      const { fetch, calls } = subgraphInHand();
      const cancellation = createCancellation();
      cancellation.cancel();
      const request = subgraphRequest({ operationKind, context: { cancellation } });
      expect(await settled(whileClientStays(fetch)(request))).toMatchObject({
        code: 'SUBGRAPH_ERROR',
        neverStarted: true,
      });
      expect(calls).toHaveLength(0);
    },
  );

  it('passes on what nobody can cancel as it is', () => {
    const { fetch, calls } = subgraphInHand();
    const request = subgraphRequest({ operationKind: 'mutation' });
    void whileClientStays(fetch)(request);
    expect(calls[0]?.request).toBe(request);
  });
});
