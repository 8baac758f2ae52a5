import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, type ExecutionResult } from 'graphql';
import { madeUpAnswer } from '../../composition/mock/made-up-answer.ts';
import { type MockServer, serveMock } from '../../composition/mock/mock-server.ts';
import { type Ran, runSupergraph, runSupergraphIn } from './run-supergraph.ts';

const schema = buildSchema(`
  scalar DateTime
  scalar Anything
  enum Colour { RED GREEN BLUE }
  interface Node { id: ID! }
  type User implements Node { id: ID! name: String! email: String! friends(first: Int): [User!]! createdAt: DateTime! }
  type Product implements Node { id: ID! name: String! price: Float! rating: Int! colour: Colour! owner: User! url: String any: Anything }
  type Page { nodes: [Product!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type UserError { message: String! }
  type Payload { product: Product userErrors: [UserError!]! }
  union Found = User | Product
  type Query { product(id: ID!): Product products(first: Int = 5): Page! users: [User!]! node: Node search: [Found!]! numbers: [[Int!]!]! }
  type Mutation { add(name: String!): Payload! }
  type Subscription { added: Product }
`);

function answerTo(
  query: string,
  seed = '1',
  variables?: Record<string, unknown>,
): Promise<ExecutionResult> {
  return madeUpAnswer(schema, { query, variables }, seed);
}

/** What the operations below ask for. */
interface Asked {
  readonly users: readonly (Named & { readonly friends: readonly Named[] })[];
  readonly products: { readonly nodes: readonly unknown[] };
  readonly many: { readonly nodes: readonly unknown[] };
  readonly none: { readonly nodes: readonly unknown[] };
  readonly node: { readonly __typename: string };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

async function dataOf(query: string): Promise<Asked> {
  const { data, errors } = await answerTo(query);
  expect(errors).toBeUndefined();
  return data as unknown as Asked;
}

describe('made-up data', () => {
  it('is the same for the same seed, and other data for another', async () => {
    const query = '{ users { id name email } product(id: "7") { name price rating colour } }';
    expect(await answerTo(query)).toEqual(await answerTo(query));
    expect(await answerTo(query, '2')).not.toEqual(await answerTo(query));
  });

  it('fits the types and names of fields', async () => {
    const { data, errors } = await answerTo(
      '{ product(id: "7") { id name price rating colour url any owner { email createdAt } } numbers }',
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      product: {
        id: '7',
        name: expect.stringMatching(/^\w+ \w+$/),
        price: expect.any(Number),
        colour: expect.stringMatching(/^(RED|GREEN|BLUE)$/),
        url: expect.stringMatching(/^https:/),
        any: { value: expect.any(Number) },
        owner: {
          email: expect.stringMatching(/@example\.com$/),
          createdAt: expect.stringMatching(/^2025-..-..T..:..:..\....Z$/),
        },
      },
      numbers: expect.any(Array),
    });
  });

  it('has the same object wherever its id is met', async () => {
    const { users } = await dataOf('{ users { id name friends(first: 20) { id name } } }');
    const met = users.flatMap(({ friends }) => friends);
    const names = new Map(met.map(({ id, name }) => [id, name]));
    expect(names.size).toBeGreaterThan(10);
    for (const { id, name } of [...met, ...users]) expect(names.get(id) ?? name).toBe(name);
  });

  it('has lists of three, or as many as is asked for, within a limit, and a last page', async () => {
    const { users, products, many, none } = await dataOf(
      '{ users { id } products(first: 4) { nodes { id } pageInfo { hasNextPage } } many: products(first: 1000) { nodes { id } } none: products(first: -1) { nodes { id } } }',
    );
    expect(users).toHaveLength(3);
    expect(new Set(users.map(({ id }) => id)).size).toBe(3);
    expect(products).toMatchObject({ pageInfo: { hasNextPage: false } });
    expect(products.nodes).toHaveLength(4);
    expect(many.nodes).toHaveLength(50);
    expect(none.nodes).toEqual([]);
  });

  it('chooses a type for interfaces and unions, and makes no errors up', async () => {
    const { node } = await dataOf(
      '{ node { __typename id } search { __typename ... on User { email } ... on Product { price } } }',
    );
    expect(node.__typename).toMatch(/^(User|Product)$/);
    const added = await answerTo(
      'mutation ($name: String!) { add(name: $name) { product { id } userErrors { message } } }',
      '1',
      { name: 'x' },
    );
    expect(added).toEqual({
      data: { add: { product: { id: expect.any(String) }, userErrors: [] } },
    });
  });

  it('ends where an answer would be too large', async () => {
    const nest = (depth: number): string =>
      depth === 0 ? 'id' : `friends(first: 50) { ${nest(depth - 1)} }`;
    const { errors } = await answerTo(`{ users { ${nest(4)} } }`);
    expect(errors?.[0]?.message).toBe('The answer would have over 10000 objects.');
  });

  it.each([
    ['an unknown field', '{ nothing }', 'Cannot query field "nothing"'],
    ['half a document', '{', 'Syntax Error'],
    ['a subscription', 'subscription { added { id } }', 'Subscriptions are not made up.'],
    ['a long document', `{ ${'a '.repeat(30_000)} }`, '20000 tokens'],
  ])('refuses %s', async (_, query, message) => {
    const result = await answerTo(query);
    expect(result).not.toHaveProperty('data');
    expect(result.errors?.[0]?.message).toContain(message);
  });
});

describe('the mock server', () => {
  let server: MockServer;
  const failures: unknown[] = [];

  beforeAll(async () => {
    server = await serveMock(schema, { port: 0, seed: '1' }, (error) => failures.push(error));
  });

  afterAll(async () => {
    await server.close();
    expect(failures).toEqual([]);
  });

  function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    const type = { 'content-type': 'application/json' };
    return fetch(server.url, { method: 'POST', body, headers: { ...type, ...headers } });
  }

  it('answers GraphQL over HTTP', async () => {
    const response = await post('{"query": "{ product(id: \\"1\\") { id } }"}');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { product: { id: '1' } } });
  });

  it('answers what it does not run with 400 to who asks for the new media type', async () => {
    const accept = { accept: 'application/graphql-response+json' };
    const refused = await post('{"query": "{ x }"}', accept);
    expect(refused.status).toBe(400);
    expect(refused.headers.get('content-type')).toContain('application/graphql-response+json');
    expect((await post('{"query": "{ x }"}')).status).toBe(200);
  });

  it.each([
    ['a list', 400, '[]', {}],
    ['a query that is no text', 400, '{"query": 1}', {}],
    ['what is not JSON', 400, 'no JSON', {}],
    ['another type', 415, '{}', { 'content-type': 'text/plain' }],
    ['a large body', 413, `{"query": "${' '.repeat(1_100_000)}"}`, {}],
  ])('refuses %s with %d', async (_, status, body, headers: Record<string, string>) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ errors: [{ message: expect.any(String) }] });
  });

  it('refuses other methods and paths', async () => {
    expect((await fetch(server.url)).status).toBe(405);
    expect((await fetch(new URL('/else', server.url))).status).toBe(404);
  });

  it('lets pages of this machine read it, and no others', async () => {
    const preflight = await fetch(server.url, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:5173' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    const other = await post('{"query": "{ __typename }"}', { origin: 'https://example.com' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('does not answer to another name', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(server.url, { method: 'POST', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });
});

describe('npm run supergraph -- mock', () => {
  it('serves this project until it is stopped', async () => {
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const answer = { body: undefined as unknown };
    const ran = await new Promise<Ran>((resolve, reject) => {
      const lines: string[] = [];
      const ask = async (line: string): Promise<void> => {
        const [url = ''] = /http:\S+/.exec(line) ?? [];
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query": "{ product(id: \\"5\\") { id name unitPrice { amount currencyCode } } }"}',
        });
        answer.body = await response.json();
        stop();
      };
      runSupergraphIn(
        {
          untilStopped: () => stopped,
          out: (line) => {
            lines.push(line);
            ask(line).catch(reject);
          },
        },
        'mock',
        '--port',
        '0',
      ).then((done) => {
        resolve({ ...done, out: lines.join('\n') });
      }, reject);
    });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(answer.body).toMatchObject({ data: { product: { id: '5' } } });
  });

  it.each([
    [['--port', '70000'], '--port is a number from 0 to 65535; got "70000".'],
    [['--schema', 'package.json'], '--schema is not a schema: Syntax Error'],
    [['--schema', 'nowhere.graphql'], 'Cannot read nowhere.graphql'],
  ])('refuses %j: %s', async (args, message) => {
    expect(await runSupergraph('mock', ...args)).toMatchObject({
      code: 3,
      err: expect.stringContaining(message),
    });
  });

  it('says that the port is taken', async () => {
    const server = await serveMock(schema, { port: 0, seed: '1' }, () => undefined);
    try {
      const { port } = new URL(server.url);
      expect(await runSupergraph('mock', '--port', port, '--schema', 'api.graphql')).toMatchObject({
        code: 3,
        err: expect.stringContaining(`Port ${port} is in use.`),
      });
    } finally {
      await server.close();
    }
  });
});
