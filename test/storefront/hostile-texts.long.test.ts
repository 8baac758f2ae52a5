import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { patienceMs } from '../support/patience.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';

/** What a text with a NUL comes to: as an unknown id it finds nothing, else it is bad input, or what a form says of it. */
type Outcome = 'nothing' | 'BAD_USER_INPUT' | Readonly<{ userError: string }>;

const userError = (code: string): Outcome => ({ userError: code });

/** A field for each way in which a client's text comes to a database, with `$text` where it stands. */
const queries: readonly (readonly [field: string, type: string, outcome: Outcome])[] = [
  ['order(id: $text) { id }', 'ID!', 'nothing'],
  ['product(id: $text) { id }', 'ID!', 'nothing'],
  ['user(id: $text) { id }', 'ID!', 'nothing'],
  ['productBySku(sku: $text) { id }', 'String!', 'nothing'],
  ['searchProducts(name: $text) { id }', 'String!', 'BAD_USER_INPUT'],
  ['catalog(filter: { search: $text }) { nodes { id } }', 'String', 'BAD_USER_INPUT'],
  ['catalog(after: $text) { nodes { id } }', 'String', 'BAD_USER_INPUT'],
  ['orders(after: $text) { nodes { id } }', 'String', 'BAD_USER_INPUT'],
  ['users(after: $text) { nodes { id } }', 'String', 'BAD_USER_INPUT'],
];

const mutations: typeof queries = [
  ['createProduct(name: $text, price: 1, stock: 1) { id }', 'String!', 'BAD_USER_INPUT'],
  ['createProduct(name: "A", price: 1, stock: 1, sku: $text) { id }', 'String', 'BAD_USER_INPUT'],
  [
    'createProduct(name: "A", price: 1, stock: 1, description: $text) { id }',
    'String',
    'BAD_USER_INPUT',
  ],
  ['updateProduct(id: $text, price: 1) { id }', 'ID!', 'nothing'],
  ['updateProduct(id: "1", name: $text) { id }', 'String', 'BAD_USER_INPUT'],
  ['updateProduct(id: "1", description: $text) { id }', 'String', 'BAD_USER_INPUT'],
  [
    'archiveProduct(input: { id: $text }) { userErrors { code } }',
    'ID!',
    userError('PRODUCT_NOT_FOUND'),
  ],
  [
    'addReview(input: { productId: $text, rating: 5 }) { userErrors { code } }',
    'ID!',
    userError('PRODUCT_NOT_FOUND'),
  ],
  [
    'addReview(input: { productId: "1", rating: 5, comment: $text }) { userErrors { code } }',
    'String',
    'BAD_USER_INPUT',
  ],
  [
    'signUp(input: { email: $text, password: "a long password", name: "A" }) { userErrors { code } }',
    'String!',
    userError('EMAIL_INVALID'),
  ],
  [
    'signUp(input: { email: "a@example.com", password: $text, name: "A" }) { userErrors { code } }',
    'String!',
    userError('PASSWORD_INVALID'),
  ],
  [
    'signUp(input: { email: "a@example.com", password: "a long password", name: $text }) { userErrors { code } }',
    'String!',
    userError('NAME_INVALID'),
  ],
  [
    'updateProfile(input: { name: $text }) { userErrors { code } }',
    'String',
    userError('NAME_INVALID'),
  ],
  [
    'login(input: { email: $text, password: "a" }) { userErrors { code } }',
    'String!',
    userError('INVALID_CREDENTIALS'),
  ],
  [
    'login(input: { email: "jane@example.com", password: $text }) { userErrors { code } }',
    'String!',
    userError('INVALID_CREDENTIALS'),
  ],
  [
    'refreshToken(input: { refreshToken: $text }) { userErrors { code } }',
    'String!',
    userError('INVALID_REFRESH_TOKEN'),
  ],
  [
    'changePassword(input: { currentPassword: $text, newPassword: "a long password" }) { userErrors { code } }',
    'String!',
    userError('INVALID_CREDENTIALS'),
  ],
];

/** In JSON and in GraphQL. */
const nul = String.raw`\u0000`;
const withNul = [nul, `1${nul}`, `${nul}1`, `a${nul}b`];

/** What only somebody would say who runs a database. */
const saidByDatabases =
  /postgres|pglite|22021|invalid byte|encoding|sequence|UTF-?8|relation|column|select |insert |stack|node_modules|\.ts:/i;

/** Text that no database can hold, from the client through the real gateway to the real subgraphs and back. */
describeOnEachDatabase('storefront/hostile texts', (open) => {
  let storefront: TestStorefront;
  let token: string;

  beforeAll(async () => {
    storefront = await startTestStorefront({ home: await open() });
    token = await storefront.login(accounts.admin);
  });
  afterAll(() => storefront.stop());

  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(storefront.gatewayUrl + path, {
      ...init,
      headers: {
        'content-type': 'application/json',
        'apollo-require-preflight': '1',
        authorization: `Bearer ${token}`,
      },
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    expect(text).not.toMatch(saidByDatabases);
    return { status: response.status, ...(JSON.parse(text) as Omit<Answer, 'status'>) };
  };
  const post = (body: string, path = '/graphql'): Promise<Answer> =>
    send(path, { method: 'POST', body });

  /** By variable, twice, so that the second is known; in the document; and where that may be, by GET. */
  const everyWay = async (
    kind: 'query' | 'mutation',
    field: string,
    type: string,
    text: string,
  ): Promise<readonly Answer[]> => {
    const byVariable = JSON.stringify(`${kind} ($text: ${type}) { ${field} }`);
    const literal = JSON.stringify(`${kind} { ${field.replace('$text', `"${text}"`)} }`);
    const body = `{"query":${byVariable},"variables":{"text":"${text}"}}`;
    const answers = [await post(body), await post(body), await post(`{"query":${literal}}`)];
    if (kind === 'mutation') return answers;
    const parameters = new URLSearchParams({
      query: `query ($text: ${type}) { ${field} }`,
      variables: `{"text":"${text}"}`,
    });
    return [...answers, await send(`/graphql?${parameters.toString()}`)];
  };

  const expectOutcome = ({ status, data, errors }: Answer, outcome: Outcome): void => {
    expect(status).toBe(200);
    const [value] = Object.values(data ?? {});
    if (typeof outcome === 'object') {
      expect(errors).toBeUndefined();
      expect(value).toEqual({ userErrors: [{ code: outcome.userError }] });
    } else {
      expect(value).toBeNull();
      const codes = errors?.map(({ extensions }) => extensions.code);
      expect(codes).toEqual(outcome === 'nothing' ? undefined : [outcome]);
    }
  };

  it.each(queries)('threat 23: answers NUL in %s, as %s, with %j', async (field, type, outcome) => {
    for (const text of withNul) {
      for (const answer of await everyWay('query', field, type, text)) {
        expectOutcome(answer, outcome);
      }
    }
  });

  it.each(mutations)(
    'threat 23: answers NUL in the mutation %s, as %s, with %j',
    async (field, type, outcome) => {
      for (const answer of await everyWay('mutation', field, type, nul)) {
        expectOutcome(answer, outcome);
      }
    },
  );

  it('threat 23: answers NUL in a log-in or a refresh as what is wrong', async () => {
    for (const [path, body] of [
      ['/login', `{"username":"${nul}","password":"a"}`],
      ['/login', `{"username":"jane@example.com","password":"a${nul}"}`],
      ['/refresh', `{"refresh_token":"${nul}"}`],
    ] as const) {
      expect((await post(body, path)).status).toBe(401);
    }
  });

  it.each([
    ['half a character in an id', String.raw`"\ud83d"`, 400],
    ['half a character behind another', String.raw`"1\udc00"`, 400],
    ['a whole character in an id', String.raw`"\ud83d\ude00"`, 200],
    ['a byte order mark', String.raw`"\ufeff1"`, 200],
    ['text from right to left', String.raw`"\u202e1"`, 200],
  ])('threat 23: answers %s as %s with %i, and finds nothing', async (_what, id, status) => {
    const query = 'query ($id: ID!) { order(id: $id) { id } product(id: $id) { id } }';
    const answer = await post(`{"query":${JSON.stringify(query)},"variables":{"id":${id}}}`);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.data).toEqual({ order: null, product: null });
    else expect(answer.errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
  });

  it('threat 23: leaves everything as it was', async () => {
    const query =
      '{ product(id: "1") { name price } me { name } catalog(first: 100) { nodes { id } } }';
    const { data } = await post(JSON.stringify({ query }));
    expect(data).toMatchObject({
      product: { name: 'Laptop', price: 999.99 },
      me: { name: expect.any(String) },
    });
    expect(JSON.stringify(data)).not.toContain(nul);
  });
});

interface Answer {
  readonly status: number;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}
