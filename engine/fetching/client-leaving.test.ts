import { describe, expect, it } from '@jest/globals';
import { settled, subgraphInHand, subgraphRequest } from '../../test/support/subgraph-calls.ts';
import { createCancellation } from './cancellation.ts';
import { whileClientStays } from './client-leaving.ts';

describe('fetching/client-leaving', () => {
  it('cancels a query when the client disconnects', async () => {
    const { fetch, calls } = subgraphInHand();
    const cancellation = createCancellation();
    const answer = whileClientStays(fetch)(subgraphRequest({ context: { cancellation } }));
    cancellation.cancel();
    expect(calls[0]?.cancelled).toBe(true);
    expect(await settled(answer)).toMatchObject({ code: 'SUBGRAPH_ERROR' });
  });

  it('lets a started mutation continue', async () => {
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
    'starts no %s for a client that has disconnected',
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

  it('passes on a request without a cancellation unchanged', () => {
    const { fetch, calls } = subgraphInHand();
    const request = subgraphRequest({ operationKind: 'mutation' });
    void whileClientStays(fetch)(request);
    expect(calls[0]?.request).toBe(request);
  });
});
