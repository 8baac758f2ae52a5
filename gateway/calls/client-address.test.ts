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

  it("sends the client's address with a mutation", () => {
    expect(told('mutation', '192.0.2.7')).toEqual(['a', '1', 'x-client-address', '192.0.2.7']);
  });

  it('does not send it with a query, whose response may be shared', () => {
    expect(told('query', '192.0.2.7')).toEqual(['a', '1']);
  });

  it('sends no address when it is unknown', () => {
    expect(told('mutation')).toEqual(['a', '1']);
  });
});
