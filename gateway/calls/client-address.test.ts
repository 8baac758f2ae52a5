import { describe, expect, it } from '@jest/globals';
import { subgraphInHand, subgraphRequest } from '../../test/support/subgraph-calls.ts';
import { tellClientAddress } from './client-address.ts';

describe('fetching/client-address', () => {
  const told = (operationKind: 'query' | 'mutation', clientAddress?: string): unknown => {
    const { fetch, calls } = subgraphInHand();
    const headers = ['a', '1'];
    void tellClientAddress(fetch)(
      subgraphRequest({ operationKind, headers, context: { clientAddress } }),
    );
    return calls[0]?.request.headers;
  };

  it('tells with a mutation where the client is', () => {
    expect(told('mutation', '192.0.2.7')).toEqual(['a', '1', 'x-client-address', '192.0.2.7']);
  });

  it('tells it with no query, whose answer may be shared', () => {
    expect(told('query', '192.0.2.7')).toEqual(['a', '1']);
  });

  it('tells nothing that it does not know', () => {
    expect(told('mutation')).toEqual(['a', '1']);
  });
});
