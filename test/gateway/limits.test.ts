import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery, graphql, parse } from 'graphql';
import { patienceMs } from '../support/patience.ts';
import { talk } from './edge-sockets.ts';
import { compose } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@listSize", "@cost"])
  scalar JSON
  type Query {
    me: Node
    other: Node
    page(first: Int = 20, filter: Filter): [Node!] @listSize(slicingArguments: ["first"])
    open: [Node!]
    any(value: JSON, ids: [Int!], flags: [Boolean!], filter: Filter): JSON
  }
  type Subscription { ticks: Int }
  type Mutation { login(name: String): Node placeOrder: Node rename(name: String): Node }
  input Filter { id: ID! and: [Filter!] }
  type Node { id: ID name(a: Int): String next: Node }
`;

/** A subgraph whose every node is the same, and which counts its calls. */
async function startNodes(): Promise<{
  readonly url: string;
  readonly calls: () => number;
  stop(): Promise<void>;
}> {
  const node: object = { id: '1', name: 'a', next: () => node };
  const resolvers = {
    Query: {
      me: () => node,
      other: () => node,
      page: (_: unknown, { first }: { first: number }) => Array(first).fill(node),
      open: () => [node],
      any: (_: unknown, { value }: { value: unknown }) => value ?? null,
    },
    Mutation: { login: () => node, placeOrder: () => node, rename: () => node },
  };
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  let calls = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls += 1;
      const { query: source, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
        query: string;
        variables?: Record<string, unknown>;
      };
      void graphql({ schema, source, variableValues: variables }).then((result) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result)),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    calls: () => calls,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: {
    readonly data?: unknown;
    readonly errors?: readonly {
      readonly message: string;
      readonly extensions: Readonly<Record<string, unknown>>;
    }[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  };
}

type Variables = Readonly<Record<string, unknown>>;

const many = (count: number, of: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => of(n)).join(' ');
const deep = (levels: number): string =>
  `{ me ${'{ next '.repeat(levels - 2)}{ id }${' }'.repeat(levels - 2)} }`;
const bomb = (power: number, spread: (n: number) => string): string =>
  `{ me { ...F0 } } ${many(power, (n) => `fragment F${n} on Node { ${spread(n + 1)} }`)} fragment F${power} on Node { id }`;
const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

/** The limits of documents, operations and variables, on every path to the gateway. */
describe('gateway: limits', () => {
  let nodes: Awaited<ReturnType<typeof startNodes>>;
  let gateway: TestGateway;
  let calls = 0;

  beforeAll(async () => {
    nodes = await startNodes();
    const supergraph = compose([{ name: 'nodes', url: nodes.url, sdl }]);
    gateway = await startTestGateway(
      { supergraph },
      { settings: { limits: { maxTokens: 2_000, costMax: 1_000 } } },
    );
  });
  beforeEach(() => {
    calls = nodes.calls();
  });
  afterAll(async () => {
    await gateway.stop();
    await nodes.stop();
  });

  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(gateway.url + path, {
      ...init,
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    return { status: response.status, text, body: JSON.parse(text) as Answer['body'] };
  };
  const post = (body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const ask = (query: string, variables: Variables = {}): Promise<Answer> =>
    post(JSON.stringify({ query, variables }));
  const get = (query: string, variables: Variables = {}): Promise<Answer> =>
    send(
      `/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString()}`,
      { headers: { 'apollo-require-preflight': 'yes' } },
    );
  /** Everything that fits into a URL is also sent by GET. */
  const waysFor = (query: string, variables?: Variables): readonly (typeof ask)[] =>
    encodeURIComponent(query + JSON.stringify(variables ?? {})).length < 15_000 &&
    !query.startsWith('mutation')
      ? [ask, get]
      : [ask];

  const expectRefused = (answer: Answer, code: string, message?: RegExp | string): void => {
    expect(answer.body.errors?.[0]?.extensions).toMatchObject({ code });
    expect(answer.body).not.toHaveProperty('data');
    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(5_000);
    if (message !== undefined) expect(answer.body.errors?.[0]?.message).toMatch(message);
    expect(nodes.calls()).toBe(calls);
  };

  const invalid = 'GRAPHQL_VALIDATION_FAILED';
  const atTheLimit: readonly (readonly [threat: string, query: string])[] = [
    ['threat 1: 10 levels', deep(10)],
    [
      'threat 1: 10 levels through a fragment',
      `{ me { next { ...F } } } fragment F on Node ${deep(9).replace('{ me ', '').slice(0, -2)}`,
    ],
    ['threat 2: 30 aliases', `{ me { ${many(30, (n) => `a${n}: id`)} } }`],
    [
      'threat 2: 30 aliases through a fragment',
      `{ me { ...F next { ...F } } } fragment F on Node { ${many(15, (n) => `a${n}: id`)} }`,
    ],
    ['threat 2: 20 root fields', `{ ${many(20, (n) => `a${n}: __typename`)} }`],
    ['threat 3: 100 times the same field', `{ me { ${many(100, () => 'name')} } }`],
    ['threat 4: a fragment bomb of 2^6', bomb(6, (n) => `...F${n} ...F${n}`)],
    [
      'threat 5: 31 inline fragments in one another',
      `{ ${'... { '.repeat(31)} __typename ${'} '.repeat(31)} }`,
    ],
  ];

  it.each(atTheLimit)('accepts at the limit: %s', async (_what, query) => {
    for (const way of waysFor(query)) {
      const { status, body } = await way(query);
      expect(body.errors).toBeUndefined();
      expect(status).toBe(200);
    }
  });

  it('accepts at the limit: threats 6 and 7: 50 directives, each with a variable', async () => {
    const definitions = many(50, (n) => `$v${n}: Boolean!`);
    const fields = many(25, (n) => `... @include(if: $v${n}) @skip(if: $v${n + 25}) { id }`);
    const variables = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`v${n}`, n < 25]));
    const { body } = await ask(`query (${definitions}) { me { ${fields} } }`, variables);
    expect(body.data).toEqual({ me: { id: '1' } });
  });

  const over: readonly (readonly [threat: string, query: string, message: RegExp | string])[] = [
    ['threat 1: 11 levels', deep(11), 'The operation is 11 levels deep; at most 10 are allowed.'],
    [
      'threat 1: 500 levels',
      deep(500),
      'The operation is 500 levels deep; at most 10 are allowed.',
    ],
    [
      'threat 1: levels of a fragment',
      `{ me { ...F } } fragment F on Node ${deep(11).replace('{ me ', '').slice(0, -2)}`,
      /11 levels/,
    ],
    [
      'threat 2: 31 aliases',
      `{ me { ${many(31, (n) => `a${n}: id`)} } }`,
      'The operation has 31 aliases; at most 30 are allowed.',
    ],
    [
      'threat 2: 32 aliases through a fragment',
      `{ me { ...F next { ...F } } } fragment F on Node { ${many(16, (n) => `a${n}: id`)} }`,
      /32 aliases/,
    ],
    [
      'threat 2: 600 aliases of __typename',
      `{ ${many(600, (n) => `a${n}: __typename`)} }`,
      /600 aliases/,
    ],
    [
      'threat 2: 21 root fields',
      `{ ${many(21, (n) => `a${n}: __typename`)} }`,
      'The operation has 21 fields at its root; at most 20 are allowed.',
    ],
    [
      'threat 2: 21 root fields through a fragment',
      `{ ...F } fragment F on Query { ${many(21, (n) => `a${n}: __typename`)} }`,
      /21 fields/,
    ],
    [
      'threat 3: 101 times the same field',
      `{ me { ${many(101, () => 'name')} } }`,
      /"name" is selected 101 times/,
    ],
    [
      'threat 3: 1,000 times the same field',
      `{ me { ${many(1_000, () => 'name')} } }`,
      /1000 times/,
    ],
    [
      'threat 3: 202 times in an unused fragment',
      `{ me { id } } fragment F on Node { ${many(202, () => 'name(a: 1)')} }`,
      /202 times/,
    ],
    [
      'threat 3: 120 times in fields that merge',
      `{ ${many(40, () => 'me { id id id }')} }`,
      /"id" is selected 120 times/,
    ],
    ...[8, 10, 14, 16, 20, 30].map(
      (power) =>
        [
          `threat 4: a fragment bomb of 2^${power}`,
          bomb(power, (n) => `...F${n} ...F${n} id id id id id id id id id id`),
          /levels|selection|selected/,
        ] as const,
    ),
    ...[8, 10, 16, 30].map(
      (power) =>
        [
          `threat 4: an aliased fragment bomb of 2^${power}`,
          bomb(power, (n) => `a: next { ...F${n} } b: next { ...F${n} }`),
          /levels|aliases/,
        ] as const,
    ),
    [
      'threat 4: a circular fragment',
      '{ me { ...A } } fragment A on Node { next { ...B } } fragment B on Node { ...A }',
      /within itself/,
    ],
    [
      'threat 5: 32 inline fragments in one another',
      `{ ${'... { '.repeat(32)} __typename ${'} '.repeat(32)} }`,
      '33 selection sets, fragments included',
    ],
    [
      'threat 5: 55 times the type that is there',
      `{ ${'... on Query { '.repeat(55)} me { id } ${'} '.repeat(55)} }`,
      '57 selection sets, fragments included',
    ],
    ...(
      [
        ['an operation', (name: string) => `query ${name} { me { id } }`],
        ['an alias', (name: string) => `{ ${name}: me { id } }`],
        ['a variable', (name: string) => `query ($${name}: Int) { me { name(a: $${name}) } }`],
        ['a fragment', (name: string) => `{ me { ...${name} } } fragment ${name} on Node { id }`],
        [
          'an alias in a fragment',
          (name: string) => `{ me { ...F } } fragment F on Node { ${name}: id }`,
        ],
      ] as const
    ).map(
      ([what, write]) =>
        [
          `threat 8: 257 characters as the name of ${what}`,
          write('n'.repeat(257)),
          'The document has a name of 257 characters; at most 256 are allowed.',
        ] as const,
    ),
    [
      'threat 5: 100 × 100 inline fragments',
      `{ me { ...A } } fragment A on Node { ${many(100, () => '...B')} } fragment B on Node { ${many(100, () => '... { id }')} }`,
      /selections/,
    ],
    ['threat 6: 300 aliased fields', `{ me { ${many(300, (n) => `a${n}: id`)} } }`, /300 aliases/],
    [
      'threat 6: 100 fields with a variable each',
      `query (${many(100, (n) => `$v${n}: Boolean!`)}) { me { ${many(100, (n) => `... @include(if: $v${n}) { id }`)} } }`,
      /100 directives/,
    ],
    [
      'threat 7: 51 directives',
      `{ me { id ${many(51, () => '@a')} } }`,
      'The operation has 51 directives; at most 50 are allowed.',
    ],
    ['threat 7: 900 directives', `{ me { id ${many(900, () => '@a')} } }`, /900 directives/],
    [
      'threat 7: directives of variables and operations',
      `query ($a: Int ${many(26, () => '@a')}) ${many(26, () => '@a')} { me { id } }`,
      /52 directives/,
    ],
    [
      'threat 11: a literal 65 deep',
      `{ any(value: ${'['.repeat(65)}${']'.repeat(65)}) }`,
      'a value that is 65 levels deep; at most 64 are allowed',
    ],
    [
      'threat 13: login twice',
      'mutation { a: login(name: "a") { id } b: login(name: "b") { id } }',
      'The mutation "login" is selected 2 times in the operation; it may be selected only once.',
    ],
    [
      'threat 13: placeOrder twice, through a fragment',
      'mutation { placeOrder { id } ...F } fragment F on Mutation { b: placeOrder { id } }',
      /"placeOrder"/,
    ],
    [
      'threat 14: 21 operations',
      many(21, (n) => `query A${n} { me { id } }`),
      'The document has 21 operations; at most 20 are allowed.',
    ],
    [
      'threat 16: types → fields → type → fields',
      '{ __schema { types { fields { type { fields { name } } } } } }',
      /3 introspection lists/,
    ],
    [
      'threat 16: the same through fragments',
      '{ __schema { types { ...T } } } fragment T on __Type { fields { type { ...U } } } fragment U on __Type { fields { name } }',
      /3 introspection lists/,
    ],
    [
      'threat 16: ofType 30 deep',
      `{ __type(name: "Node") { ${'ofType { '.repeat(30)} name ${'} '.repeat(30)} } }`,
      /introspection/,
    ],
  ];

  it.each(over)('refuses %s before planning', async (_what, query, message) => {
    for (const way of [...waysFor(query), ask]) {
      expectRefused(await way(query), invalid, message);
    }
  });

  it.each([
    'subscription ($s: Boolean!) { ticks @skip(if: $s) }',
    'subscription { ...A @include(if: $a) } fragment A on Subscription { ticks }',
    'subscription { ... @include(if: $a) { ticks } }',
  ])('refuses a condition at the root of a subscription: %s', async (query) => {
    for (const way of [...waysFor(query), ask]) {
      expectRefused(
        await way(query, { s: true }),
        invalid,
        /^The root selection of a subscription/,
      );
    }
  });

  it('threat 4: does not plan what it refuses', async () => {
    const supergraph = compose([{ name: 'nodes', url: nodes.url, sdl }]);
    const own = await startTestGateway({ supergraph });
    try {
      for (const [, query] of [...over, ...over]) expect((await own.ask(query)).status).toBe(400);
      await own.ask('{ me { id } }');
    } finally {
      await own.stop();
    }
    // What the plan cache has seen, reported at the end.
    const met = own.log.filter(({ msg }) => msg === 'plan cache');
    expect(met).toMatchObject([{ hits: 0, misses: 1, entries: 1 }]);
  });

  it.each([
    ['threat 2: 10,000 aliases', `{ ${many(10_000, (n) => `a${n}: __typename`)} }`],
    [
      'threat 2: 10,000 aliases through a fragment',
      `{ me { ...F } } fragment F on Node { ${many(10_000, (n) => `a${n}: id`)} }`,
    ],
    ['threat 3: 10,000 duplicate fields', `{ me { ${many(10_000, () => 'name')} } }`],
    [
      'threat 6: 1,000 fields with a variable each',
      `query (${many(1_000, (n) => `$v${n}: Boolean!`)}) { me { ${many(1_000, (n) => `id @include(if: $v${n})`)} } }`,
    ],
    ['threat 7: 10,000 directives', `{ me { id ${many(10_000, () => '@a')} } }`],
    ['threat 8: 2,001 tokens', `{ ${many(1_999, () => 'me')} }`],
    ['threat 8: 90,000 tokens', `{ ${many(89_998, () => 'a')} }`],
    [
      'threat 13: 1,000 aliases of login',
      `mutation { ${many(1_000, (n) => `a${n}: login { id }`)} }`,
    ],
    [
      'threat 13: 1,000 aliases of placeOrder',
      `mutation { ${many(1_000, (n) => `a${n}: placeOrder { id }`)} }`,
    ],
    ['threat 14: 10,000 operations', many(10_000, (n) => `query A${n} { me { id } }`)],
    ['threat 1: 5,000 levels', '{ a '.repeat(5_000)],
    ['threat 11: a literal 5,000 deep', `{ any(value: ${'['.repeat(5_000)}) }`],
  ])('refuses %s while parsing', async (_what, query) => {
    if (query.length < 260_000) {
      expectRefused(await ask(query), 'GRAPHQL_PARSE_FAILED', /2000 tokens|nested too deeply/);
    } else expect((await ask(query)).status).toBe(413);
  });

  it('threat 8: accepts 2,000 tokens, and refuses a comment of 40 MB with 413', async () => {
    const tokens = (count: number): string => `{ me { ${many(count - 5, () => 'id')} } }`;
    expectRefused(await ask(tokens(2_000)), invalid, /"id" is selected/);
    expectRefused(await ask(tokens(2_001)), 'GRAPHQL_PARSE_FAILED');
    const head = 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
    const begun = `{"query":"#${'x'.repeat(100_000)}`;
    const answer = await talk(gateway.url, `${head}content-length: 40000000\r\n\r\n${begun}`);
    expect(answer).toMatch(/^HTTP\/1.1 413 .*"PAYLOAD_TOO_LARGE"/s);
  });

  it('threat 16: answers the standard introspection query, but no deeper one', async () => {
    const { status, body } = await ask(getIntrospectionQuery({ inputValueDeprecation: true }));
    expect([status, body.errors]).toEqual([200, undefined]);
  });

  it('threat 13: runs each sensitive mutation once, and others as often as requested', async () => {
    const query = 'mutation { login { id } placeOrder { id } a: rename { id } b: rename { id } }';
    expect((await ask(query)).status).toBe(200);
  });

  it('refuses a text again with the same message, whatever the operation name', async () => {
    const query = `query Deep ${deep(11)}`;
    for (const operationName of ['Deep', 'Other', null, 'Deep']) {
      const answer = await post(JSON.stringify({ query, operationName }));
      expectRefused(answer, invalid, /11 levels deep/);
    }
  });

  it('refuses with 400 even for a client that asks for application/json by name', async () => {
    const body = JSON.stringify({ query: deep(11) });
    expect((await post(body, { accept: 'application/json' })).status).toBe(400);
  });

  describe('threat 9: the length of lists', () => {
    const byVariable = 'query ($n: Int) { page(first: $n) { id } }';

    it.each([
      [0, 0],
      [100, 100],
    ])('takes first: %i', async (n, length) => {
      for (const answer of [
        await ask(`{ page(first: ${n}) { id } }`),
        await get(byVariable, { n }),
        await ask(byVariable, { n }),
        await ask(byVariable, { n }),
      ]) {
        expect(answer.body.data).toEqual({ page: Array(length).fill({ id: '1' }) });
      }
    });

    it('uses the default when it is absent', async () => {
      const { body } = await ask('{ page { id } }');
      expect(body.data).toEqual({ page: Array(20).fill({ id: '1' }) });
    });

    it.each([101, 100_000, -1])('refuses first: %i', async (n) => {
      await ask(byVariable, { n: 1 });
      await ask(byVariable, { n: 1 });
      calls = nodes.calls();
      const bound = n < 0 ? 'no negative number' : 'at most 100';
      const message = `"Query.page" takes ${bound} as "first", not ${n}.`;
      for (const answer of [
        await ask(`{ page(first: ${n}) { id } }`),
        await ask(`query ($n: Int = ${n}) { page(first: $n) { id } }`),
        await get(byVariable, { n }),
        await ask(byVariable, { n }),
        await ask(byVariable, { n }),
      ]) {
        expectRefused(answer, 'BAD_USER_INPUT', message);
      }
    });
  });

  describe('cost', () => {
    it('threat 9: counts the length of lists, and refuses an operation over the maximum with both figures', async () => {
      const query =
        'query ($n: Int) { page(first: $n) { id next { id next { id } } } open { id } }';
      expect((await ask(query, { n: 1 })).status).toBe(200);
      expect(
        (await ask(`{ ${many(10, (n) => `a${n}: page(first: 99) { id }`)} open { id } }`)).status,
      ).toBe(200);
      calls = nodes.calls();
      const costly = `{ ${many(11, (n) => `a${n}: page(first: 99) { id }`)} }`;
      for (const answer of [await ask(costly), await get(costly), await ask(costly)]) {
        expectRefused(
          answer,
          'COST_ESTIMATED_TOO_EXPENSIVE',
          /estimated cost of 1089; at most 1000/,
        );
        expect(answer.body.errors?.[0]?.extensions).toEqual({
          code: 'COST_ESTIMATED_TOO_EXPENSIVE',
          cost: { estimated: 1089, max: 1000 },
        });
      }
    });

    it('shows the estimate in development on request, the same when the operation is cached', async () => {
      const body = JSON.stringify({ query: '{ open { id } me { id } }' });
      const answers = [];
      for (let n = 0; n < 3; n += 1) {
        answers.push(await post(body, { 'x-operation-cost': '1' }));
      }
      for (const {
        body: { extensions },
        text,
      } of answers) {
        expect(extensions).toEqual({ cost: { estimated: 11, max: 1000 } });
        expect(text).toBe(answers[0]?.text);
      }
      expect((await post(body)).body).not.toHaveProperty('extensions');
    });

    it('logs the estimate in the line of each request', async () => {
      const ids = ['estimate-1', 'estimate-2', 'estimate-3'];
      for (const id of ids) {
        await post('{"query":"{ open { id next { id } } }"}', { 'x-correlation-id': id });
      }
      const lines = gateway.log.filter(({ msg, cost }) => msg === 'answered' && cost === 20);
      const noted = lines.map(({ correlationId }) => correlationId);
      expect(noted.filter((id) => ids.includes(String(id)))).toEqual(ids);
    });
  });

  const badMembers = many(20_000, (n) => `"m${n}":1,`);

  it.each([
    ['100,000 numbers for a list of flags', 'flags: [Boolean!]', `[${'1,'.repeat(99_999)}1]`],
    ['50,000 texts for a list of numbers', 'ids: [Int!]', `[${'"x",'.repeat(49_999)}"x"]`],
    ['80,000 objects for a list of numbers', 'ids: [Int!]', `[${'{},'.repeat(79_999)}{}]`],
    ['20,000 members that an input does not have', 'filter: Filter', `{${badMembers}"id":"1"}`],
    ['a text of 240 KB', 'filter: Filter', `{"id":{"x":"${'x'.repeat(240_000)}"}}`],
  ])(
    'threat 10: reports at most 10 of %s, in a short response and without blocking',
    async (_what, argument, value) => {
      const [name = ''] = argument.split(':');
      const query = `query ($v: ${argument.slice(name.length + 2)}) { any(${name}: $v) }`;
      const body = `{"query":"${query}","variables":{"v":${value}}}`;
      expect(body.length).toBeLessThan(256 * 1024);
      expect((await ask(query)).status).toBe(200);
      const delays: number[] = [];
      for (let time = 0; time < 3; time += 1) {
        const delay = monitorEventLoopDelay({ resolution: 5 });
        delay.enable();
        calls = nodes.calls();
        const answer = await post(body);
        delay.disable();
        expectRefused(answer, 'BAD_USER_INPUT');
        expect(answer.body.errors?.length).toBeLessThanOrEqual(10);
        delays.push(delay.max / 1e6);
      }
      // The least of them, which the rest of the machine has no part in; on an idle one it is less than 100.
      expect(Math.min(...delays)).toBeLessThan(500);
    },
  );

  it.each([65, 5_000, 100_000])('threat 11: refuses a variable %i deep', async (levels) => {
    const query = 'query ($v: JSON) { any(value: $v) }';
    expect((await ask(query, { v: nested(64) })).status).toBe(200);
    expect((await ask(query, { v: nested(64) })).status).toBe(200);
    calls = nodes.calls();
    const text = '['.repeat(levels) + ']'.repeat(levels);
    for (const answer of [
      await post(`{"query":"${query}","variables":{"v":${text}}}`),
      await post(`{"query":"${query} ","variables":{"v":${text}}}`),
      await post(`{"query":"{ me { id } }","variables":{"unused":{"x":${text}}}}`),
    ]) {
      expectRefused(answer, 'BAD_USER_INPUT', `more than 64 levels deep; at most 64 are allowed`);
    }
    if (levels > 6_000) return;
    const url = `/graphql?query=${encodeURIComponent(query)}&variables={"v":${text}}`;
    const answer = await send(url, { headers: { 'apollo-require-preflight': 'yes' } });
    expectRefused(answer, 'BAD_USER_INPUT', 'more than 64 levels deep');
  });

  it.each([
    ['{ any(value: 1e999) }', '1e999'],
    ['{ any(value: [{ a: -1e400 }]) }', '-1e400'],
    [`{ any(value: ${'9'.repeat(400)}) }`, '9'.repeat(40)],
    ['query ($v: JSON = 1e999) { any(value: $v) }', '1e999'],
    ['{ ...F } fragment F on Query { any(value: 1e999) }', '1e999'],
  ])("reports an invalid number as the client's mistake: %s", async (query, number) => {
    const before = gateway.log.length;
    for (let n = 0; n < 2; n += 1) {
      const answer = await post(JSON.stringify({ query }));
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toMatchObject({
        errors: [
          {
            message: `Expected a finite number; got ${number}.`,
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ],
      });
    }
    expect(JSON.stringify(gateway.log.slice(before))).not.toContain('stack');
  });

  describe('threat 12: names that objects inherit', () => {
    it('accepts them as aliases and as names of variables', async () => {
      const fields = '__proto__: me { id } constructor: me { toString: id }';
      const query = `query ($__proto__: JSON, $constructor: JSON) { ${fields} a: any(value: $__proto__) b: any(value: $constructor) }`;
      for (let n = 0; n < 3; n += 1) {
        const { status, text } = await post(`{"query":"${query}","variables":{"constructor":"c"}}`);
        expect(status).toBe(200);
        expect(text.trim()).toBe(
          '{"data":{"__proto__":{"id":"1"},"constructor":{"toString":"1"},"a":null,"b":"c"}}',
        );
      }
    });

    const any = 'query ($v: JSON) { any(value: $v) }';
    const named = 'query ($__proto__: JSON) { any(value: $__proto__) }';
    it.each([
      ['{"query":"{ me { id } }","__proto__":{"polluted":true}}', '{"me":{"id":"1"}}'],
      [
        '{"query":"{ me { id } }","variables":{"__proto__":{"polluted":true}}}',
        '{"me":{"id":"1"}}',
      ],
      [
        '{"query":"{ me { id } }","variables":{"constructor":{"prototype":{"polluted":true}}}}',
        '{"me":{"id":"1"}}',
      ],
      ...[
        '{"__proto__":{"polluted":true}}',
        '{"a":[{"__proto__":1}],"prototype":{"constructor":2}}',
        '{"constructor":{"prototype":{"polluted":true}}}',
        '{"\\u005f_proto__":{"polluted":true}}',
      ].flatMap((value) => [
        [`{"query":"${any}","variables":{"v":${value}}}`, `{"any":${value}}`],
        [`{"query":"${named}","variables":{"__proto__":${value}}}`, `{"any":${value}}`],
      ]),
    ])('does not treat specially, and forwards to the subgraph: %s', async (body, data) => {
      for (let n = 0; n < 3; n += 1) {
        const { status, text } = await post(body);
        expect([status, text.trim()]).toEqual([200, `{"data":${data.replace('\\u005f', '_')}}`]);
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    });

    it('does not treat them specially by GET', async () => {
      const query = 'query ($v: JSON) { any(value: $v) }';
      const variables = '{"__proto__":{"polluted":true},"v":{"__proto__":1,"toString":1}}';
      const url = `/graphql?query=${encodeURIComponent(query)}&variables=${encodeURIComponent(variables)}`;
      const { body } = await send(url, { headers: { 'apollo-require-preflight': 'yes' } });
      expect(JSON.stringify(body.data)).toBe('{"any":{"__proto__":1,"toString":1}}');
      expect(Object.keys(Object.prototype)).toEqual([]);
    });
  });

  it('shortens a response that would repeat the request', async () => {
    const long = 'x'.repeat(100_000);
    for (const query of [
      `{ ${long} }`,
      `{ me { id(a: "${long}") } }`,
      `{ "${long}" }`,
      `{ ${many(900, (n) => `f${n}`)} }`,
    ]) {
      const { status, text } = await ask(query);
      expect(status).toBe(400);
      expect(text.length).toBeLessThan(5_000);
    }
  });
});
