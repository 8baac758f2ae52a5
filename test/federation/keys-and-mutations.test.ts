import { describe, expect, it } from '@jest/globals';
import { Federation, planners } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

const chain = new Federation({
  a: {
    schema: `
      type Query { thing: Thing things: [Thing] }
      type Thing @key(fields: "id") { id: ID! }
    `,
    resolvers: { Query: { thing: () => ({ id: '1' }), things: () => [{ id: '1' }, { id: '2' }] } },
  },
  b: {
    schema:
      'type Thing @key(fields: "id") @key(fields: "sku region { code }") { id: ID! sku: String region: Region } type Region @shareable { code: String }',
    resolvers: {
      Thing: {
        __resolveReference: ({ id }: Entity) => ({
          id,
          sku: `s${String(id)}`,
          region: { code: 'eu' },
        }),
      },
    },
  },
  c: {
    schema: `
      type Thing @key(fields: "sku region { code }") @key(fields: "serial") { sku: String region: Region serial: Int owner: Owner }
      type Region @shareable { code: String }
      type Owner @key(fields: "name") { name: String }
    `,
    resolvers: {
      Thing: {
        __resolveReference: ({ sku, region }: { sku: string; region?: Entity }) => ({
          sku,
          region,
          serial: region?.code === 'eu' ? Number(sku.slice(1)) * 100 : null,
          owner: { name: `owner of ${sku}` },
        }),
      },
    },
  },
  d: {
    schema: `
      type Thing @key(fields: "serial") { serial: Int weight: Float }
      type Owner @key(fields: "name") { name: String age: Int }
    `,
    resolvers: {
      Thing: { weight: ({ serial }: { serial: number }) => serial / 8 },
      Owner: { age: ({ name }: { name: string }) => name.length },
    },
  },
});

const log: string[] = [];
const writes = new Federation({
  a: {
    schema: `
      type Query { note(id: ID!): Note }
      type Mutation { addA(text: String!): Note touchA: Int! }
      type Note @key(fields: "id") { id: ID! text: String }
    `,
    resolvers: {
      Mutation: {
        addA: (_: unknown, { text }: { text: string }) => {
          log.push(`a:${text}`);
          return { id: text, text };
        },
        touchA: () => {
          throw new Error('It must not be touched.');
        },
      },
    },
  },
  b: {
    schema: `
      type Mutation { addB(text: String!): Note }
      type Note @key(fields: "id") { id: ID! length: Int }
    `,
    resolvers: {
      Mutation: {
        addB: (_: unknown, { text }: { text: string }) => {
          log.push(`b:${text}`);
          return { id: text };
        },
      },
      Note: { length: ({ id }: { id: string }) => id.length },
    },
  },
});

describe.each(planners)('federation/keys (%s planner)', (planner) => {
  it('follows keys, even compound ones, to the subgraph with the field', async () => {
    expect(
      await chain.ask('{ things { weight owner { age } } thing { weight } }', { planner }),
    ).toEqual({
      data: {
        things: [
          { weight: 12.5, owner: { age: 11 } },
          { weight: 25, owner: { age: 11 } },
        ],
        thing: { weight: 12.5 },
      },
    });
  });

  it('does not return keys of the chain that the client did not request', async () => {
    const { data } = await chain.ask('{ thing { serial sku } }', { planner });
    expect(JSON.stringify(data)).toBe('{"thing":{"serial":100,"sku":"s1"}}');
  });
});

describe.each(planners)('federation/mutations (%s planner)', (planner) => {
  it('runs them one after the other, in the order of the operation, across subgraphs', async () => {
    log.length = 0;
    const answer = await writes.ask(
      'mutation { one: addA(text: "1") { id length } addB(text: "22") { text length } two: addA(text: "333") { length } }',
      { planner },
    );
    expect(log).toEqual(['a:1', 'b:22', 'a:333']);
    expect(JSON.stringify(answer)).toBe(
      '{"data":{"one":{"id":"1","length":1},"addB":{"text":null,"length":2},"two":{"length":3}}}',
    );
  });

  it('runs them in that order wherever they are selected', async () => {
    log.length = 0;
    await writes.ask(
      `mutation { one: addA(text: "1") { id } ...Rest }
      fragment Rest on Mutation { ... { two: addA(text: "2") { id } } ...Last one: addA(text: "1") { text } }
      fragment Last on Mutation { three: addA(text: "3") { ...Id } addB(text: "4") { ...Id } }
      fragment Id on Note { id }`,
      { planner },
    );
    expect(log).toEqual(['a:1', 'a:2', 'a:3', 'b:4']);
    log.length = 0;
    await writes.ask(
      `mutation { one: addA(text: "1") { ...Id } ...Last }
      fragment Last on Mutation { two: addA(text: "2") { ...Also } }
      fragment Also on Note { ...Id }
      fragment Id on Note { __typename }`,
      { planner },
    );
    expect(log).toEqual(['a:1', 'a:2']);
  });

  it('returns no data when a non-null field fails', async () => {
    const { data, errors } = await writes.ask('mutation { addB(text: "x") { id } touchA }', {
      planner,
    });
    expect(data).toBeNull();
    expect(errors?.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'It must not be touched.', path: ['touchA'] },
    ]);
  });
});
