import { describe, expect, it } from '@jest/globals';
import { Federation, planners } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

/** Namespaces and value types that several subgraphs share, and fields that one provides for another. */
const shared = new Federation({
  a: {
    schema: `
      type Query { viewer: Viewer @shareable review: Review reviews: [Review!]! }
      type Mutation { rename(to: String!): Renamed }
      type Renamed { name: String query: Query }
      type Viewer @shareable { settings: Settings nameInA: String list: [Point!]! }
      type Settings @shareable { theme: String }
      type Point @shareable { x: Int }
      type Review @key(fields: "id") { id: ID! author: User @provides(fields: "name") }
      type User @key(fields: "id") { id: ID! name: String @external }
    `,
    resolvers: {
      Query: {
        viewer: () => viewer({ nameInA: 'a', settings: { theme: 'dark' } }),
        review: () => ({ id: '1', author: { id: '1', name: 'provided' } }),
        reviews: () => ['1', '2'].map((id) => ({ id, author: { id, name: 'provided' } })),
      },
      Mutation: { rename: (_: unknown, { to }: { to: string }) => ({ name: to, query: {} }) },
    },
  },
  b: {
    schema: `
      type Query { viewer: Viewer @shareable }
      type Viewer @shareable { settings: Settings nameInB: String list: [Point!]! }
      type Settings @shareable { theme: String language: String }
      type Point @shareable { x: Int y: Int }
      type User @key(fields: "id") { id: ID! name: String @shareable email: String }
    `,
    resolvers: {
      Query: {
        viewer: () => viewer({ nameInB: 'b', settings: { theme: 'dark', language: 'de' } }),
      },
      User: {
        name: ({ id }: Entity) => `user ${String(id)}`,
        email: ({ id }: Entity) => `${String(id)}@example.com`,
      },
    },
  },
});

function viewer(own: Entity): Entity {
  return {
    ...own,
    list: [
      { x: 1, y: 10 },
      { x: 2, y: 20 },
    ],
  };
}

describe.each(planners)('federation/shared fields (%s planner)', (planner) => {
  const ask = (query: string): ReturnType<Federation['ask']> => shared.ask(query, { planner });

  it('merges a namespace from the subgraphs that share it', async () => {
    expect(await ask('{ viewer { nameInB nameInA settings { language theme } } }')).toEqual({
      data: { viewer: { nameInB: 'b', nameInA: 'a', settings: { language: 'de', theme: 'dark' } } },
    });
  });

  it('merges the items of shared lists by position', async () => {
    expect(await ask('{ viewer { nameInA list { x y } } }')).toEqual({
      data: {
        viewer: {
          nameInA: 'a',
          list: [
            { x: 1, y: 10 },
            { x: 2, y: 20 },
          ],
        },
      },
    });
  });

  it('uses what a subgraph provides, and fetches the rest from the owner', async () => {
    shared.calls.length = 0;
    expect(await ask('{ review { author { name } } }')).toEqual({
      data: { review: { author: { name: 'provided' } } },
    });
    expect(shared.calls).toHaveLength(1);
    expect(await ask('{ reviews { author { email } } }')).toEqual({
      data: {
        reviews: [{ author: { email: '1@example.com' } }, { author: { email: '2@example.com' } }],
      },
    });
  });

  it('continues from a field that returns the query type', async () => {
    expect(
      await ask(
        'mutation { rename(to: "x") { name query { __typename viewer { nameInB } review { author { email } } } } }',
      ),
    ).toEqual({
      data: {
        rename: {
          name: 'x',
          query: {
            __typename: 'Query',
            viewer: { nameInB: 'b' },
            review: { author: { email: '1@example.com' } },
          },
        },
      },
    });
  });

  it('answers introspection wherever the query type occurs', async () => {
    expect(
      await ask(
        'mutation ($name: String = "Point") { rename(to: "x") { query { __type(name: $name) { name } } } }',
      ),
    ).toEqual({ data: { rename: { query: { __type: { name: 'Point' } } } } });
  });
});
