import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ordersAccessRows } from '../support/access-table/orders.ts';
import { productsAccessRows } from '../support/access-table/products.ts';
import { casesOf, outcomeOf, type ViewerName } from '../support/access-table/row.ts';
import { usersAccessRows } from '../support/access-table/users.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';

const rows = [...usersAccessRows, ...productsAccessRows, ...ordersAccessRows];
const cases = casesOf(rows);

/** The rows of the subgraphs' access tables, tested through the gateway by authenticated viewers. */
describe('access through the gateway', () => {
  const tokens = new Map<ViewerName, string>();
  let storefront: TestStorefront;
  const logIn = async (): Promise<void> => {
    tokens.set('owner', await storefront.login(accounts.john));
    tokens.set('customer', await storefront.login(accounts.jane));
    tokens.set('admin', await storefront.login(accounts.admin));
  };

  beforeAll(async () => {
    storefront = await startTestStorefront();
    await logIn();
  });
  afterAll(() => storefront.stop());

  it.each(cases)('$field for $viewer', async (row) => {
    const { operation, variables, viewer, outcome, atGateway = {} } = row;
    const answer = await storefront.ask(tokens.get(viewer), operation, variables);
    expect(outcomeOf(answer)).toBe(atGateway[viewer] ?? outcome);
    // The access token of a session that has ended is refused.
    if (row.field === 'Mutation.logout') await logIn();
  });

  it.each([
    [
      'the e-mail of a review author',
      '{ product(id: "1") { reviews { user { name email role } } } }',
    ],
    [
      'the orders of a review author',
      '{ product(id: "1") { reviews { user { name orders { nodes { id } } } } } }',
    ],
  ])('hides %s from another customer, but not the name', async (_what, query) => {
    const { data, errors } = await storefront.ask(tokens.get('customer'), query);
    expect(errors).toBeUndefined();
    const { name, ...rest } = data.product.reviews[0].user;
    expect(name).toBe('John Doe');
    expect(Object.values(rest)).toEqual(Object.values(rest).map(() => null));
  });

  it("answers another customer's order exactly as one that does not exist", async () => {
    const query = 'query ($id: ID!) { order(id: $id) { id total { amount } user { email } } }';
    const foreign = await storefront.ask(tokens.get('customer'), query, { id: '123' });
    const missing = await storefront.ask(tokens.get('customer'), query, { id: '999999' });
    expect(foreign).toEqual(missing);
  });

  it.each([
    [
      'a role',
      'signUp',
      'SignUpInput!',
      { email: 'a@b.test', password: 'a password', name: 'A', role: 'ADMIN' },
    ],
    ['an account', 'updateProfile', 'UpdateProfileInput!', { name: 'A', id: '3' }],
    ['an author', 'addReview', 'AddReviewInput!', { productId: '1', rating: 5, userId: '2' }],
  ])('threat 41: does not accept %s in an input', async (_what, field, type, input) => {
    const byVariable = `mutation ($input: ${type}) { ${field}(input: $input) { userErrors { code } } }`;
    const literal = JSON.stringify(input).replace(/"(\w+)":/g, '$1: ');
    const byLiteral = `mutation { ${field}(input: ${literal}) { userErrors { code } } }`;
    const john = tokens.get('owner');
    for (const [query, variables] of [
      [byVariable, { input }],
      [byLiteral, {}],
    ] as const) {
      const { status, data } = await storefront.ask(john, query, variables);
      expect([status, data]).toEqual([400, undefined]);
    }
  });

  it.each(['_entities(representations: []) { __typename }', '_service { sdl }'])(
    'does not expose federation fields: %s',
    async (field) => {
      const { status, errors } = await storefront.ask(tokens.get('admin'), `{ ${field} }`);
      expect(status).toBe(400);
      expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
    },
  );
});

describe('access through a gateway that does not enforce directives', () => {
  const tokens = new Map<ViewerName, string>();
  let storefront: TestStorefront;

  beforeAll(async () => {
    storefront = await startTestStorefront({ settings: { access: { enabled: false } } });
    tokens.set('owner', await storefront.login(accounts.john));
    tokens.set('customer', await storefront.login(accounts.jane));
    tokens.set('admin', await storefront.login(accounts.admin));
  });
  afterAll(() => storefront.stop());

  it.each(cases.filter(({ atGateway, viewer }) => atGateway?.[viewer]))(
    'threat 42: has the subgraph refuse $field to $viewer',
    async ({ operation, variables, outcome, viewer }) => {
      const answer = await storefront.ask(tokens.get(viewer), operation, variables);
      expect(outcomeOf(answer)).toBe(outcome);
    },
  );
});
