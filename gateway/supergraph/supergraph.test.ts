import { describe, expect, it } from '@jest/globals';
import { readSupergraph } from './supergraph.ts';

const sdl = `schema @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }

enum join__Graph {
  BOOKS @join__graph(name: "books", url: "http://127.0.0.1:4001/graphql")
  OLD_AUTHORS @join__graph(name: "old-authors", url: "http://127.0.0.1:4002/graphql")
}

type Query { me: String }
`;

describe('supergraph', () => {
  it('lists the subgraphs by their own names, with their addresses', () => {
    expect(readSupergraph(sdl, 'a.graphql')).toEqual({
      sdl,
      subgraphs: [
        { name: 'books', url: 'http://127.0.0.1:4001/graphql' },
        { name: 'old-authors', url: 'http://127.0.0.1:4002/graphql' },
      ],
    });
  });

  it('writes another address into the text and leaves the rest as it was composed', () => {
    const url = 'https://authors.test/graphql?a="1"';
    const moved = readSupergraph(sdl, 'a.graphql', (name) =>
      name === 'old-authors' ? 'https://authors.test/graphql' : undefined,
    );
    expect(moved.sdl).toBe(sdl.replace('http://127.0.0.1:4002', 'https://authors.test'));
    expect(moved.subgraphs[1]?.url).toBe('https://authors.test/graphql');
    const quoted = readSupergraph(sdl, 'a.graphql', () => url);
    expect(
      readSupergraph(quoted.sdl, 'a.graphql').subgraphs.map((subgraph) => subgraph.url),
    ).toEqual([url, url]);
  });

  it.each([
    ['nothing', ' \n', 'is empty'],
    ['a syntax error', sdl.replace('type Query {', 'type Query'), 'is malformed in line 8: '],
    ['a schema of one service', 'type Query { me: String }', 'is not a supergraph'],
    ['no subgraph', 'enum join__Graph { A }', 'is not a supergraph'],
    [
      'a subgraph without an address',
      sdl.replace('http://127.0.0.1:4001/graphql', ''),
      'has the routing URL "" for the subgraph "books"',
    ],
    [
      'an address of a file',
      sdl.replace('http://127.0.0.1:4001/graphql', 'file:///etc/passwd'),
      'has the routing URL "file:///etc/passwd"',
    ],
  ])('refuses %s and says what to do', (_what, text, problem) => {
    expect(() => readSupergraph(text, 'a.graphql')).toThrow(
      expect.objectContaining({
        code: 'SUPERGRAPH_INVALID',
        message: expect.stringContaining(`The supergraph "a.graphql" ${problem}`),
        advice: 'Make it anew: npm run compose',
      }),
    );
  });
});
