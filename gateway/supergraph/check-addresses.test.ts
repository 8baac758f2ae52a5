import { describe, expect, it } from '@jest/globals';
import { checkAddresses } from './check-addresses.ts';

const books = { name: 'books', url: 'http://127.0.0.1:4001/graphql' };

describe('the addresses of a supergraph', () => {
  it('may be http and https', () => {
    expect(() =>
      checkAddresses('a.graphql', [books, { name: 'b', url: 'https://b.test/' }]),
    ).not.toThrow();
  });

  it.each([
    ['no subgraph', [], 'is not a supergraph'],
    [
      'a subgraph without an address',
      [{ ...books, url: '' }],
      'has the routing URL "" for the subgraph "books"',
    ],
    [
      'an address of a file',
      [books, { name: 'b', url: 'file:///etc/passwd' }],
      'has the routing URL "file:///etc/passwd" for the subgraph "b"',
    ],
  ])('are refused for %s, which says what to do', (_what, subgraphs, problem) => {
    expect(() => checkAddresses('a.graphql', subgraphs)).toThrow(
      expect.objectContaining({
        code: 'SUPERGRAPH_INVALID',
        message: expect.stringContaining(`The supergraph "a.graphql" ${problem}`),
        advice: 'Recompose it: npm run compose',
      }),
    );
  });
});
