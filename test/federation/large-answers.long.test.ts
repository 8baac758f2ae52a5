import { describe, expect, it, jest } from '@jest/globals';
import { type FieldNode, Kind, parse } from 'graphql';
import type { SubgraphFetch, SubgraphRequest } from '../../engine/fetching/types.ts';
import { answering, type Texts } from '../support/answering.ts';
import { Federation, type PlainAnswer, planners } from '../support/federation.ts';

const shop = new Federation({
  orders: {
    schema: `
      type Query { a: [User!] b: [User!] users: [User] numbers: [Int] note: String data: Json first: User second: User }
      scalar Json
      type User @key(fields: "id") { id: ID! }
    `,
  },
  users: {
    schema: 'type User @key(fields: "id") { id: ID! n: Int tags: [[Tag]] } type Tag { x: Int }',
  },
});

/** More than a function can have arguments. */
const many = 125_000;
/** Enough to reveal superlinear growth. */
const several = 20_000;

const ask = (query: string, texts: Texts): Promise<PlainAnswer> =>
  shop.ask(query, { planner: 'apollo', fetch: answering(texts) });

interface EntityBody {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown[]>>;
}

function representationsIn({ body }: SubgraphRequest): number {
  const { variables } = JSON.parse(body) as EntityBody;
  return Object.values(variables)[0]?.length ?? 0;
}

/** Valid entities, under each of their aliases in the request. */
function entitiesFor({ body }: SubgraphRequest): unknown {
  const { query, variables } = JSON.parse(body) as EntityBody;
  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('Expected a query.');
  return Object.fromEntries(
    operation.selectionSet.selections.map((selection) => {
      const { alias, arguments: given } = selection as FieldNode;
      const value = given?.[0]?.value;
      if (value?.kind !== Kind.VARIABLE) throw new Error('Expected a variable.');
      const length = variables[value.name.value]?.length ?? 0;
      return [alias?.value ?? '_entities', Array<unknown>(length).fill({ n: 1 })];
    }),
  );
}

/** With the key of either planner. */
const user = (id: string): object => ({ __typename: 'User', id, _id: id });
const users = (from: number, count: number): unknown[] =>
  Array.from({ length: count }, (_, index) => user(String(from + index)));

/** A summary of the errors of a response. */
function told({ errors = [] }: PlainAnswer) {
  const last = errors.at(-1);
  return { count: errors.length, last: last?.message, lastPath: last?.path };
}

// Megabytes take time on a busy machine.
jest.setTimeout(120_000);

describe('federation/large answers', () => {
  it.each(planners)(
    'fetches the entities of two lists of any length (%s planner)',
    async (planner) => {
      const fetch = answering({
        orders: JSON.stringify({ data: { a: users(many, 1), b: users(0, many) } }),
        users: (request) => JSON.stringify({ data: entitiesFor(request) }),
      });
      const { data, errors } = await shop.ask('{ a { n } b { n } }', { planner, fetch });
      expect(errors).toBeUndefined();
      const { a, b } = data as { a: unknown[]; b: unknown[] };
      expect([a.length, b.length, a[0], b[many - 1]]).toEqual([1, many, { n: 1 }, { n: 1 }]);
    },
  );

  it.each<readonly [string, Texts[string]]>([
    ['no answer', ''],
    ['null for the entities', '{"data":{"_entities":null}}'],
    ['one error without a path', '{"data":null,"errors":[{"message":"no"}]}'],
    [
      'very many errors without a path',
      JSON.stringify({ data: null, errors: Array(80_000).fill({ message: 'no' }) }),
    ],
    [
      'entities of another type',
      (request) => {
        const entity = { __typename: 'Order', n: 1 };
        return JSON.stringify({
          data: { _entities: Array<unknown>(representationsIn(request)).fill(entity) },
        });
      },
    ],
    [
      'entities that each have a different type',
      (request) =>
        JSON.stringify({
          data: {
            _entities: Array.from({ length: representationsIn(request) }, (_, index) => ({
              __typename: `Order${index}`,
            })),
          },
        }),
    ],
    [
      'values of another type',
      (request) =>
        JSON.stringify({
          data: { _entities: Array<unknown>(representationsIn(request)).fill({ n: 'x' }) },
        }),
    ],
  ])(
    'threat 59: %s for many entities causes a hundred errors, and one with the number of the others',
    async (_what, text) => {
      const orders = JSON.stringify({ data: { a: users(0, several) } });
      const answer = await ask('{ a { n } }', { orders, users: text });
      const { count, last, lastPath } = told(answer);
      expect(count).toBe(101);
      expect(last).toMatch(/^\d{4,} more /);
      expect(lastPath).toBeUndefined();
      expect((answer.data as { a: unknown[] }).a[several - 1]).toEqual({ n: null });
    },
  );

  it.each(['BAD_USER_INPUT', 'INTERNAL_SERVER_ERROR'])(
    'threat 59: of 80,000 errors with %s a hundred are reported, and the number of the others',
    async (code) => {
      const errors = Array.from({ length: 80_000 }, (_, index) => ({
        message: `no ${index}`,
        path: ['users', index],
        extensions: { code },
      }));
      const answer = await ask('{ users { id } }', {
        orders: JSON.stringify({ data: { users: Array(80_000).fill(null) }, errors }),
      });
      expect(told(answer)).toEqual({
        count: 101,
        last: '79900 more errors of the same subgraph response are not listed.',
        lastPath: undefined,
      });
      expect(answer.errors?.[99]).toMatchObject({ message: 'no 99', path: ['users', 99] });
      expect(answer.errors?.[100]?.extensions).toMatchObject({ code });
    },
  );

  it('threat 58: of invalid values a hundred are reported, and the number of the others', async () => {
    const answer = await ask('{ numbers }', {
      orders: JSON.stringify({ data: { numbers: Array(300_000).fill('x') } }),
    });
    expect(answer.data).toEqual({ numbers: Array(300_000).fill(null) });
    expect(told(answer)).toEqual({
      count: 101,
      last: '299900 more values from subgraphs are invalid or missing.',
      lastPath: undefined,
    });
  });

  it('threat 59: an impossible path is omitted from an error', async () => {
    for (const path of [Array(100_000).fill(0), ['x'.repeat(100_000)], [0.5], [-1], [null]]) {
      const answer = await ask('{ note }', {
        orders: JSON.stringify({ data: { note: null }, errors: [{ message: 'no', path }] }),
      });
      expect(answer.errors).toMatchObject([{ message: 'no' }]);
      expect(answer.errors?.[0]).not.toHaveProperty('path');
    }
  });

  const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const names = (count: number): string =>
    Array.from({ length: count }, (_, index) => `"n${index}":1`).join(',');
  const nested = (levels: number): string => '{"id":'.repeat(levels) + '1' + '}'.repeat(levels);

  it.each([
    ['8 MB of brackets', '['.repeat(8_000_000)],
    ['8 MB of brackets in the data', `{"data":{"numbers":${'['.repeat(8_000_000)}`],
    ['lists of 100,000 levels', `{"data":{"numbers":${deep(100_000)}}}`],
    ['lists of 100,000 levels where JSON is expected', `{"data":{"data":${deep(100_000)}}}`],
    ['objects of 100,000 levels where JSON is expected', `{"data":{"data":${nested(100_000)}}}`],
    ['lists of 501 levels where JSON is expected', `{"data":{"data":${deep(501)}}}`],
    ['extensions of 100,000 levels', `{"data":{},"extensions":${deep(100_000)}}`],
    ['errors of 100,000 levels', `{"data":{},"errors":[{"extensions":{"a":${deep(100_000)}}}]}`],
    ['10 MB of empty lists', `{"data":{"data":[${'[],'.repeat(3_300_000)}1]}}`],
    ['10 MB of empty objects in a list', `{"data":{"data":[${'{},'.repeat(3_300_000)}1]}}`],
    ['10 MB of numbers', `{"data":{"numbers":[${'1,'.repeat(5_000_000)}1]}}`],
    ['8 MB of names', `{"data":{"data":{${names(600_000)}}}}`],
    ['8 MB of names where errors are expected', `{"data":{},"errors":[{${names(600_000)}}]}`],
  ])('threat 57: %s are not a response', async (_what, text) => {
    const answer = await ask('{ numbers data }', { orders: text });
    expect(answer).toMatchObject({
      data: { numbers: null, data: null },
      errors: [{ path: ['numbers'] }, { path: ['data'] }],
    });
  });

  it('accepts JSON with a reasonable depth, and brackets in strings', async () => {
    const data = JSON.parse(deep(400)) as unknown;
    const note = `${'['.repeat(5_000)}\\"${'{'.repeat(5_000)}"`;
    const answer = await ask('{ note data }', {
      orders: JSON.stringify({ data: { note, data } }),
    });
    expect(answer).toEqual({ data: { note, data } });
  });

  it('threat 58: an entity with endlessly nested lists, parsed by a data source, is null', async () => {
    const tags = JSON.parse(deep(100_000)) as unknown;
    const parsed =
      (): SubgraphFetch =>
      ({ subgraph }) =>
        Promise.resolve({
          body: {
            data:
              subgraph === 'orders'
                ? { users: [user('1'), user('1')], numbers: tags }
                : { _entities: [{ tags }] },
          },
          cacheControl: undefined,
        });
    for (const query of ['{ users { tags { x } } }', '{ numbers }']) {
      const { data, errors } = await shop.ask(query, { planner: 'apollo', fetch: parsed });
      expect(JSON.stringify(data)).toMatch(
        /^\{"(?:users":\[\{"tags":null\},\{"tags":null\}\]|numbers":(?:null|\[null\]))\}$/,
      );
      expect(errors?.length).toBeGreaterThan(0);
    }
  });

  it('threat 58: a type that is not a string, but has its methods, is not a type', async () => {
    const odd = { toString: 1, valueOf: 1 };
    const answer = await ask('{ users { n } }', {
      orders: JSON.stringify({ data: { users: [user('1')] } }),
      users: JSON.stringify({ data: { _entities: [{ __typename: odd, n: 1 }] } }),
    });
    expect(answer).toMatchObject({
      data: { users: [{ n: null }] },
      errors: [{ path: ['users', 0] }],
    });
  });

  it.each([
    ['one text of 4 million line ends', '{ note }', { note: '\n'.repeat(4_000_000) }],
    ['a text of 8 million characters', '{ note }', { note: 'x'.repeat(8_000_000) }],
    ['JSON that is one such text', '{ data }', { data: '\\'.repeat(4_000_000) }],
  ])('returns %s as text, like with objects', async (_what, query, data) => {
    const fetch = answering({ orders: JSON.stringify({ data }) });
    const text = await shop.askForText(query, { planner: 'apollo', fetch });
    expect(text === JSON.stringify({ data })).toBe(true);
    const answer = await shop.ask(query, { planner: 'apollo', fetch });
    expect(JSON.stringify(answer) === text).toBe(true);
  });
});
