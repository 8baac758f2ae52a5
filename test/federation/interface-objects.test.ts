import { describe, expect, it } from '@jest/globals';
import { Federation, planners, type TestSubgraphs } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

const subgraphs: TestSubgraphs = {
  library: {
    schema: `
      type Query { media: [Media!]! }
      union Thing = Book | Film
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int director: String! }
    `,
    resolvers: {
      Query: { media: () => [medium('b1'), medium('f1')] },
      Media: {
        __resolveReference: ({ id }: { id: string }) => medium(id),
        __resolveType: ({ __typename }: Entity) => __typename,
      },
      Book: { __resolveReference: ({ id }: { id: string }) => medium(id) },
      Film: {
        __resolveReference: ({ id }: { id: string }) => medium(id),
        director: () => {
          throw new Error('It has no director.');
        },
      },
    },
  },
  reviews: {
    schema: `
      type Query { best: Media lost: Media reviewed: [Media] }
      type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int similar: [Media!] }
    `,
    resolvers: {
      Query: {
        best: () => ({ id: 'b1' }),
        lost: () => ({ id: 'x9' }),
        reviewed: () => [{ id: 'f1' }, { id: 'x9' }, { id: 'b1' }],
      },
      Media: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        stars: ({ id }: { id: string }) => id.length,
        similar: () => [{ id: 'f1' }, { id: 'b1' }],
      },
    },
  },
};

const media = new Federation(subgraphs);

/** A third one knows as little about the types as the second. */
const screened = new Federation({
  ...subgraphs,
  cinemas: {
    schema: `
      type Query { shownNow: [Media!] }
      type Media @interfaceObject @key(fields: "id") { id: ID! runtime: Int shown: Boolean }
    `,
    resolvers: {
      Query: { shownNow: () => [{ id: 'b1' }, new Error('The film is torn.')] },
      Media: {
        shown: () => true,
        runtime: ({ id }: { id: string }) => {
          if (id.startsWith('b')) throw new Error('A book has no runtime.');
          return 90;
        },
      },
    },
  },
});

function medium(id: string): Entity | null {
  if (id.startsWith('b')) return { __typename: 'Book', id, title: `Book ${id}`, pages: 300 };
  return id.startsWith('f') ? { __typename: 'Film', id, title: `Film ${id}`, minutes: 90 } : null;
}

describe.each(planners)('federation/@interfaceObject (%s planner)', (planner) => {
  const ask = async (query: string): Promise<Awaited<ReturnType<Federation['ask']>>> =>
    media.ask(query, { planner });

  it('adds fields to every implementation', async () => {
    expect(await ask('{ media { __typename id stars ... on Book { pages } } }')).toEqual({
      data: {
        media: [
          { __typename: 'Book', id: 'b1', stars: 2, pages: 300 },
          { __typename: 'Film', id: 'f1', stars: 2 },
        ],
      },
    });
  });

  it('adds fields to only one implementation when only that is requested', async () => {
    expect(await ask('{ media { ... on Book { stars pages } title } }')).toEqual({
      data: { media: [{ stars: 2, pages: 300, title: 'Book b1' }, { title: 'Film f1' }] },
    });
  });

  it('finds the real type of an object that comes from the subgraph with the interface object', async () => {
    expect(await ask('{ best { __typename stars title ... on Book { pages } } }')).toEqual({
      data: { best: { __typename: 'Book', stars: 2, title: 'Book b1', pages: 300 } },
    });
    expect(await ask('{ best { similar { __typename ... on Film { minutes } } } }')).toEqual({
      data: { best: { similar: [{ __typename: 'Film', minutes: 90 }, { __typename: 'Book' }] } },
    });
  });

  it('needs no real type when nothing depends on it', async () => {
    media.calls.length = 0;
    expect(await ask('{ best { id stars } }')).toEqual({ data: { best: { id: 'b1', stars: 2 } } });
    expect(media.calls.map(({ subgraph }) => subgraph)).toEqual(['reviews']);
  });

  it('reports no error of a field that was selected for objects of another type', async () => {
    const query = '{ best { similar { ... on Film { runtime } shown } } }';
    expect(await screened.ask(query, { planner })).toEqual({
      data: { best: { similar: [{ runtime: 90, shown: true }, { shown: true }] } },
    });
  });

  it('reports no such error for fields of another subgraph below, when the type was not known yet', async () => {
    const query = '{ best { similar { ... on Film { similar { ... on Film { director } } } } } }';
    const { data, errors } = await ask(query);
    expect(data).toEqual({ best: { similar: [{ similar: null }, {}] } });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['best', 'similar', 0, 'similar', 0, 'director'],
    ]);
  });

  it('reports no such error for objects that another failure has removed', async () => {
    const { data, errors } = await screened.ask('{ shownNow { ... on Film { runtime } } }', {
      planner,
    });
    expect(data).toEqual({ shownNow: null });
    expect(errors?.map(({ path }) => path)).toEqual([['shownNow', 1]]);
  });

  it('needs no real type when the conditions exclude everything for all of them', async () => {
    const query = '{ best { similar { ... on Film { ... on Thing { ... on Book { pages } } } } } }';
    expect(await ask(query)).toEqual({ data: { best: { similar: [{}, {}] } } });
  });

  it('reports one error for an object that one of its fields has made unknown', async () => {
    const { data, errors } = await ask(
      '{ best { similar { __typename ... on Film { director } } } }',
    );
    expect(data).toEqual({ best: { similar: null } });
    expect(errors?.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'It has no director.', path: ['best', 'similar', 0, 'director'] },
    ]);
  });

  it('narrows the interface by a union', async () => {
    const query = '{ best { similar { ... on Thing { __typename ... on Media { stars } } } } }';
    expect(await media.ask(query, { planner })).toEqual({
      data: {
        best: {
          similar: [
            { __typename: 'Film', stars: 2 },
            { __typename: 'Book', stars: 2 },
          ],
        },
      },
    });
  });

  it('returns null with an error for an object of unknown type', async () => {
    const { data, errors } = await ask('{ lost { __typename id } reviewed { __typename stars } }');
    expect(data).toEqual({
      lost: null,
      reviewed: [{ __typename: 'Film', stars: 2 }, null, { __typename: 'Book', stars: 2 }],
    });
    expect(errors?.map(({ path }) => path)).toEqual([['lost'], ['reviewed', 1]]);
    expect(errors?.[0]?.message).toBe(
      'No subgraph knows which type of Media the object at Query.lost is.',
    );
  });
});
