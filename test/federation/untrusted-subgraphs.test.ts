import { describe, expect, it } from '@jest/globals';
import { answering } from '../support/answering.ts';
import { Federation, type PlainAnswer, planners } from '../support/federation.ts';

const shop = new Federation({
  orders: {
    schema: `
      type Query { order: Order orders: [Order!] count: Int }
      type Order @key(fields: "id") { id: ID! total: Float state: State data: Json user: User lines: [Line] }
      type Line { sku: String! }
      enum State { OPEN CLOSED LOST @inaccessible }
      scalar Json
      type User @key(fields: "id", resolvable: false) { id: ID! }
    `,
  },
  users: {
    schema: 'type User @key(fields: "id") { id: ID! name: String email: String! }',
  },
});

const messagesOf = ({ errors }: PlainAnswer): unknown =>
  errors?.map(({ message, path }) => [message, path]);

const teams = new Federation({
  a: { schema: 'type Query { us: [U!] } type U @key(fields: "id") { id: ID! }' },
  b: { schema: 'type U @key(fields: "id") { id: ID! n: Int }' },
});
/** What `a` answers, by the key of either planner, and `b` for the two. */
const team = { us: ['1', '2'].map((id) => ({ __typename: 'U', id, _id: id })) };
const ns = [1, null].map((n) => ({ __typename: 'U', n }));

describe.each(planners)('federation/untrusted subgraphs (%s planner)', (planner) => {
  const ask = (query: string, texts: Parameters<typeof answering>[0]): Promise<PlainAnswer> =>
    shop.ask(query, { planner, fetch: answering(texts) });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['a cut-off answer', '{"data":{"count":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['neither data nor errors', '{}'],
    ['a list as data', '{"data":[]}'],
    ['null data without an error', '{"data":null}'],
    ['an empty list of errors', '{"errors":[]}'],
  ])('threat 57: returns null with an error for %s', async (_name, text) => {
    const answer = await ask('{ count }', { orders: text });
    expect(answer.data).toEqual({ count: null });
    expect(messagesOf(answer)).toEqual([['A subgraph failed to answer.', ['count']]]);
  });

  it.each([
    ['a text for an Int', '{ count }', '{"count":"1"}', { count: null }, ['count']],
    ['a fraction for an Int', '{ count }', '{"count":1.5}', { count: null }, ['count']],
    ['too big an Int', '{ count }', '{"count":2147483648}', { count: null }, ['count']],
    ['a list for an Int', '{ count }', '{"count":[1]}', { count: null }, ['count']],
    [
      'infinity for a Float',
      '{ order { total } }',
      '{"order":{"total":1e999}}',
      { order: { total: null } },
      ['order', 'total'],
    ],
    [
      'a value the enum does not have',
      '{ order { state } }',
      '{"order":{"state":"GONE"}}',
      { order: { state: null } },
      ['order', 'state'],
    ],
    [
      'a value of the enum that is inaccessible',
      '{ order { state } }',
      '{"order":{"state":"LOST"}}',
      { order: { state: null } },
      ['order', 'state'],
    ],
    [
      'a list for an object',
      '{ order { id } }',
      '{"order":[{"id":"1"}]}',
      { order: null },
      ['order'],
    ],
    ['a text for an object', '{ order { id } }', '{"order":"1"}', { order: null }, ['order']],
    [
      'an object for a list',
      '{ orders { id } }',
      '{"orders":{"id":"1"}}',
      { orders: null },
      ['orders'],
    ],
    [
      'an object of another type',
      '{ order { __typename } }',
      '{"order":{"__typename":"User"}}',
      { order: null },
      ['order'],
    ],
    [
      'a field it leaves out',
      '{ order { id total } }',
      '{"order":{"id":"1"}}',
      { order: { id: '1', total: null } },
      ['order', 'total'],
    ],
  ])('threat 58: returns null with an error for %s', async (_name, query, data, expected, path) => {
    const answer = await ask(query, { orders: `{"data":${data}}` });
    expect(answer.data).toEqual(expected);
    expect(answer.errors?.map((error) => error.path)).toEqual([path]);
  });

  it('propagates null to the next nullable field, with one error', async () => {
    const answer = await ask('{ orders { id lines { sku } } }', {
      orders:
        '{"data":{"orders":[{"id":"1","lines":[{"sku":"a"},{"sku":null}]},{"id":null,"lines":[]}]}}',
    });
    expect(answer).toEqual({
      data: { orders: null },
      errors: [
        expect.objectContaining({
          message: 'Cannot return null for non-nullable field Line.sku.',
          path: ['orders', 0, 'lines', 1, 'sku'],
        }),
        expect.objectContaining({
          message: 'Cannot return null for non-nullable field Order.id.',
          path: ['orders', 1, 'id'],
        }),
      ],
    });
  });

  it('accepts whole numbers as ids, and any JSON as a custom scalar', async () => {
    const data = '{"order":{"id":7,"data":{"a":[1,{"b":null}]}}}';
    expect(await ask('{ order { id data } }', { orders: `{"data":${data}}` })).toEqual({
      data: { order: { id: '7', data: { a: [1, { b: null }] } } },
    });
  });

  it('threat 12: forwards nothing that was not requested, not even __proto__ or when another subgraph fails', async () => {
    const answer = await ask('{ order { id user { id name } } }', {
      orders: `{"data":{"order":{"id":"1","secret":1,"user":{"__typename":"User","_id":"7","id":"7","name":"forged","__proto__":{"email":"x"}}}}}`,
      users: '{"data":{"_entities":[null]},"errors":[{"message":"down","path":["_entities",0]}]}',
    });
    expect(answer.data).toEqual({ order: { id: '1', user: { id: '7', name: null } } });
    expect(messagesOf(answer)).toEqual([['down', ['order', 'user']]]);
    expect(({} as Record<string, unknown>).email).toBeUndefined();
  });

  it('threat 12: never changes Object.prototype, wherever a subgraph names it', async () => {
    const evil =
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1';
    const query = '{ __proto__: order { id data constructor: user { id name toString: email } } }';
    for (let time = 0; time < 2; time += 1) {
      const answer = await ask(query, {
        orders: `{${evil},"data":{${evil},"_1___proto__":{${evil},"id":"1","data":{${evil}},"_2_constructor":{${evil},"__typename":"User","_id":"7","id":"7"}}}}`,
        users: `{${evil},"data":{${evil},"_entities":[{${evil},"name":"Ann","_3_toString":"a@b.c"}]}}`,
      });
      expect(JSON.stringify(answer)).toBe(
        `{"data":{"__proto__":{"id":"1","data":{${evil}},"constructor":{"id":"7","name":"Ann","toString":"a@b.c"}}}}`,
      );
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    }
  });

  const ofUser = (_id: string) => ({ user: { __typename: 'User', _id } });
  const twoOrders = JSON.stringify({ data: { orders: [ofUser('1'), ofUser('2')] } });

  it.each([
    ['too few entities', '{"data":{"_entities":[{"name":"x"}]}}'],
    ['too many entities', '{"data":{"_entities":[{"name":"x"},{"name":"y"},{"name":"z"}]}}'],
    ['entities that are not a list', '{"data":{"_entities":{"0":{"name":"x"}}}}'],
    ['no entities', '{"data":{}}'],
  ])('threat 58: returns null with an error for %s', async (_name, text) => {
    const answer = await ask('{ orders { user { name } } }', { orders: twoOrders, users: text });
    expect(answer.data).toEqual({ orders: [{ user: { name: null } }, { user: { name: null } }] });
    expect(messagesOf(answer)).toEqual([
      ['A subgraph failed to answer.', ['orders', 0, 'user']],
      ['A subgraph failed to answer.', ['orders', 1, 'user']],
    ]);
  });

  it('threat 57: an error of one entity that removes all data is also reported for the others', async () => {
    const answer = await ask('{ orders { user { name } } }', {
      orders: twoOrders,
      users: '{"data":null,"errors":[{"message":"a","path":["_entities",1,"name"]}]}',
    });
    expect(answer.data).toEqual({ orders: [{ user: { name: null } }, { user: { name: null } }] });
    expect(messagesOf(answer)).toEqual([
      ['a', ['orders', 1, 'user', 'name']],
      ['a', ['orders', 0, 'user']],
    ]);
  });

  it('threat 57: a list of entities that fails as a whole is reported for each field it removes', async () => {
    const answer = await ask('{ order { user { name n: name } } orders { user { name } } }', {
      orders: JSON.stringify({ data: { order: ofUser('1'), orders: [ofUser('2')] } }),
      users: JSON.stringify({
        data: null,
        errors: [
          { message: 'a', path: ['_entities_0', 0, 'name'] },
          { message: 'b', path: ['_entities_1'] },
        ],
      }),
    });
    expect(answer.data).toEqual({
      order: { user: { name: null, n: null } },
      orders: [{ user: { name: null } }],
    });
    expect(messagesOf(answer)).toEqual([
      ['a', ['order', 'user', 'name']],
      ['b', ['orders', 0, 'user']],
      ['b', ['order', 'user']],
    ]);
  });

  it('threat 57: a field removed by another one has its own error if that is elsewhere', async () => {
    const answer = await ask('{ order { user { name n: name } } }', {
      orders: JSON.stringify({ data: { order: ofUser('1') } }),
      users: JSON.stringify({
        data: { _entities: [null] },
        errors: [{ message: 'a', path: ['_entities', 0, 'n'] }],
      }),
    });
    expect(answer.data).toEqual({ order: { user: { name: null, n: null } } });
    expect(messagesOf(answer)).toEqual([
      ['a', ['order', 'user', 'n']],
      ['No subgraph returned the field User.name.', ['order', 'user', 'name']],
    ]);
  });

  it('threat 58: never merges an entity of another type, nor anything that is not an entity', async () => {
    const answer = await ask('{ orders { user { name } } }', {
      orders: twoOrders,
      users: '{"data":{"_entities":[{"__typename":"Order","name":"x"},"y"]}}',
    });
    expect(answer.data).toEqual({ orders: [{ user: { name: null } }, { user: { name: null } }] });
    expect(messagesOf(answer)).toEqual([
      ['A subgraph failed to answer.', ['orders', 0, 'user']],
      ['A subgraph failed to answer.', ['orders', 1, 'user']],
    ]);
  });

  it('reads errors of any shape', async () => {
    const answer = await ask('{ count order { id } }', {
      orders: `{"data":{"count":null,"order":null},"errors":[
        null, "text", {"message":5,"path":"count","extensions":[1]}, {"message":"known","path":["count"],"extensions":{"code":"NOT_FOUND"}}
      ]}`,
    });
    expect(answer.errors).toEqual([
      {
        message: 'The subgraph reported an error.',
        extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'orders' },
      },
      {
        message: 'The subgraph reported an error.',
        extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'orders' },
      },
      {
        message: 'The subgraph reported an error.',
        extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'orders' },
      },
      {
        message: 'known',
        path: ['count'],
        extensions: { code: 'NOT_FOUND', serviceName: 'orders' },
      },
    ]);
  });

  it("threat 12: reports positions with the client's keys, even those that objects inherit", async () => {
    const answer = await ask('{ __proto__: order { id: total user { constructor: email } } }', {
      orders:
        '{"data":{"_1___proto__":{"id":1,"user":{"__typename":"User","_id":"1"}}},"errors":[{"message":"a","path":["_1___proto__","id"]}]}',
      users:
        '{"data":{"_entities":[null]},"errors":[{"message":"b","path":["_entities",0,"_2_constructor"]}]}',
    });
    expect(messagesOf(answer)).toEqual([
      ['a', ['__proto__', 'id']],
      ['b', ['__proto__', 'user', 'constructor']],
    ]);
  });

  const placed: readonly (readonly [name: string, path: unknown, told: readonly unknown[]])[] = [
    ['an index', ['_entities', 1, 'n'], [['us', 1, 'n']]],
    ['an index as text', ['_entities', '1', 'n'], [['us', 1, 'n']]],
    [
      'an index of no entity',
      ['_entities', 7, 'n'],
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
    [
      'an index of no entity, as text',
      ['_entities', '7', 'n'],
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
    [
      'no index',
      ['_entities'],
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
    [
      'a name for an index',
      ['_entities', 'n'],
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
    [
      'a fraction for an index',
      ['_entities', 0.5, 'n'],
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
    [
      'an index below zero',
      ['_entities', -1, 'n'],
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
    [
      'an index beyond all numbers',
      ['_entities', '99999999999', 'n'],
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
    [
      'another field',
      ['elsewhere', 1],
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
    [
      'no path',
      undefined,
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
    [
      'an invalid path',
      ['_entities', null],
      [
        ['us', 0],
        ['us', 1],
      ],
    ],
  ];

  it.each(placed)(
    'threat 57: reports an error at entities with %s in its path',
    async (...[, path, told]) => {
      const errors = [{ message: 'N is out.', path }];
      const answer = await teams.ask('{ us { n } }', {
        planner,
        fetch: answering({
          a: JSON.stringify({ data: team }),
          b: JSON.stringify({ data: { _entities: ns }, errors }),
        }),
      });
      expect(answer.data).toEqual({ us: [{ n: 1 }, { n: null }] });
      expect(messagesOf(answer)).toEqual(told.map((place) => ['N is out.', place]));
    },
  );

  it('threat 57: reads an index as text in the path of a root field', async () => {
    const answer = await shop.ask('{ orders { total } }', {
      planner,
      fetch: answering({
        orders: JSON.stringify({
          data: { orders: [{ total: null }] },
          errors: [{ message: 'No total.', path: ['orders', '0', 'total'] }],
        }),
      }),
    });
    expect(messagesOf(answer)).toEqual([['No total.', ['orders', 0, 'total']]]);
  });
});
