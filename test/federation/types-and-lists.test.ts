import { describe, expect, it } from '@jest/globals';
import { Federation, planners } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

const zoo = new Federation({
  a: {
    schema: `
      type Query { search: [Result] rated(last: ID = "2"): [Rated] node(id: ID!): Node worded: [Worded] grid: [[A]] deep: [[[B!]]!] }
      union Result = A | B | Secret
      union Rated = A | B
      interface Node @key(fields: "id") { id: ID! }
      interface Worded { word: String }
      type A implements Node & Worded @key(fields: "id") { id: ID! link: C tags: [[String]] word: String }
      type B implements Node & Worded @key(fields: "id") { id: ID! link: C word: String! }
      type C @key(fields: "id") { id: ID! }
      type Secret @inaccessible { word: String }
    `,
    resolvers: {
      Query: {
        search: () => [
          object('A', '1'),
          object('B', '2'),
          null,
          { __typename: 'Secret', word: 'x' },
        ],
        rated: (_: unknown, { last }: { last: string }) => [object('A', '1'), object('B', last)],
        node: (_: unknown, { id }: { id: string }) => object(id === '1' ? 'A' : 'B', id),
        worded: () => [object('A', '1'), object('B', '2')],
        grid: () => [[object('A', '1'), null], [], null, [object('A', '3')]],
        deep: () => [[[object('B', '2')]], [null, []]],
      },
      A: {
        __resolveReference: ({ id }: Entity) => object('A', String(id)),
        tags: () => [['x', null], null],
        word: () => 'a word',
      },
      B: {
        word: () => {
          throw new Error('No word.');
        },
        __resolveReference: ({ id }: Entity) => object('B', String(id)),
      },
      Node: { __resolveReference: ({ id }: Entity) => object(id === '1' ? 'A' : 'B', String(id)) },
    },
  },
  b: {
    schema: `
      interface Scored { score: Int best: [C] }
      type A implements Scored @key(fields: "id") { id: ID! name: String score: Int best: [C] }
      type B implements Scored @key(fields: "id") { id: ID! name(loud: Boolean): String! score: Int! best: [C!]! }
      type C @key(fields: "id") { id: ID! value: String other: String }
    `,
    resolvers: {
      A: {
        name: ({ id }: Entity) => `a${String(id)}`,
        score: ({ id }: Entity) => Number(id),
        best: () => [{ id: '7' }],
      },
      B: {
        name: ({ id }: Entity, { loud }: Entity) => `b${String(id)}${loud === true ? '!' : ''}`,
        score: ({ id }: Entity) => {
          if (id === '4') throw new Error('No score.');
          return Number(id);
        },
        best: () => [{ id: '8' }, { id: '9' }],
      },
      C: {
        value: ({ id }: Entity) => `c${String(id)}`,
        other: ({ id }: Entity) => `o${String(id)}`,
      },
    },
  },
});

function object(__typename: string, id: string): Entity {
  return { __typename, id, link: { id: `${id}0` } };
}

describe.each(planners)('federation/types and lists (%s planner)', (planner) => {
  const ask = async (
    query: string,
    variables = {},
  ): Promise<Awaited<ReturnType<Federation['ask']>>> => zoo.ask(query, { planner, variables });

  it('completes each member of a union with its own fields', async () => {
    const { data } = await ask(
      '{ search { __typename ... on A { name } ... on B { id loud: name(loud: true) } } }',
    );
    expect((data as { search: unknown[] }).search.slice(0, 3)).toEqual([
      { __typename: 'A', name: 'a1' },
      { __typename: 'B', id: '2', loud: 'b2!' },
      null,
    ]);
  });

  it('returns only an error for an object of an inaccessible type', async () => {
    const { data, errors } = await ask('{ search { __typename } }');
    expect(data).toEqual({ search: [{ __typename: 'A' }, { __typename: 'B' }, null, null] });
    expect(errors).toEqual([
      {
        message: 'Expected a type of Result at Query.search; a subgraph returned another type.',
        path: ['search', 3],
        extensions: { code: 'SUBGRAPH_ERROR' },
      },
    ]);
  });

  it('completes entities below fields of different names on different types', async () => {
    const query = `query ($id: ID!) {
      node(id: $id) { ... on A { link { value } } ... on B { other: link { other value } } }
    }`;
    expect(await ask(query, { id: '1' })).toEqual({ data: { node: { link: { value: 'c10' } } } });
    expect(await ask(query, { id: '2' })).toEqual({
      data: { node: { other: { other: 'o20', value: 'c20' } } },
    });
  });

  it('fetches interface fields whose types differ between the object types', async () => {
    const query = `
      { rated { ...S again: __typename ... on Scored { ...S } } }
      fragment S on Scored { score best { value ...C } }
      fragment C on C { other }
    `;
    expect(await ask(query)).toEqual({
      data: {
        rated: [
          { again: 'A', score: 1, best: [{ value: 'c7', other: 'o7' }] },
          {
            again: 'B',
            score: 2,
            best: [
              { value: 'c8', other: 'o8' },
              { value: 'c9', other: 'o9' },
            ],
          },
        ],
      },
    });
  });

  it('reports the position of an error in such fields', async () => {
    const { data, errors } = await ask('{ rated(last: 4) { ... on Scored { score } } }');
    expect(data).toEqual({ rated: [{ score: 1 }, null] });
    expect(errors?.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'No score.', path: ['rated', 1, 'score'] },
    ]);
  });

  it('reports the position of an error whose object became null', async () => {
    const { data, errors } = await ask('{ worded { word } }');
    expect(data).toEqual({ worded: [{ word: 'a word' }, null] });
    expect(errors?.map(({ path }) => path)).toEqual([['worded', 1, 'word']]);
  });

  it('merges selections on the same field from fragments, in the order of the operation', async () => {
    const query = `
      { node(id: 1) { ...One ... on Node { id } ...Two } }
      fragment One on A { link { other } }
      fragment Two on A { name link { value other } id }
    `;
    expect(JSON.stringify(await ask(query))).toBe(
      '{"data":{"node":{"link":{"other":"o10","value":"c10"},"id":"1","name":"a1"}}}',
    );
  });

  it('completes entities in lists of lists', async () => {
    expect(await ask('{ grid { name tags } deep { id link { value } } }')).toEqual({
      data: {
        grid: [
          [{ name: 'a1', tags: [['x', null], null] }, null],
          [],
          null,
          [{ name: 'a3', tags: [['x', null], null] }],
        ],
        deep: [[[{ id: '2', link: { value: 'c20' } }]], [null, []]],
      },
    });
  });

  it('calls each subgraph once per hop, wherever the entities are', async () => {
    zoo.calls.length = 0;
    await ask(
      '{ search { ... on A { name } ... on B { name } } grid { name } node(id: 2) { ... on B { name } } }',
    );
    expect(zoo.calls.map(({ subgraph }) => subgraph)).toEqual(['a', 'b']);
  });
});
