import { composeServices } from '@apollo/composition';
import { describe, expect, it } from '@jest/globals';
import { getOperationAST, parse, validate } from 'graphql';
import { defaultLimits } from '../../engine/limits/limits.ts';
import {
  type CostOptions,
  defaultCostOptions,
  type Demand,
} from '../../engine/limits/operation-demand.ts';
import { OperationDemands } from '../../engine/limits/operation-demands.ts';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { compose } from '../support/federation.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What measures operations, by these settings and the default ones. */
function demandsOf(cost: Partial<CostOptions>): OperationDemands {
  return new OperationDemands({ ...defaultLimits, cost: { ...defaultCostOptions, ...cost } });
}

/** The cost of operations on a supergraph, measured as the gateway does. */
function measuring(
  supergraphSdl: string,
  cost: Partial<CostOptions> = { mode: 'measure' },
): (query: string, variables?: Variables) => Demand {
  const { apiSchema } = readSupergraph(supergraphSdl);
  const demands = demandsOf(cost);
  demands.addSchema(apiSchema, supergraphSdl);
  return (query, variables = {}) => {
    const document = parse(query);
    expect(validate(apiSchema, document)).toEqual([]);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('Expected one operation.');
    return demands.of(apiSchema, document, operation)(variables);
  };
}

const bookFields = 'title author { name } publisher { name address { zipCode } }';

function library(address: string): string {
  return compose({
    library: `
      type Query {
        book(id: ID): Book
        bestsellers: [Book] @listSize(assumedSize: 5)
        newestAdditions(after: ID, limit: Int!): [Book] @listSize(slicingArguments: ["limit"])
      }
      type Book { title: String author: Author publisher: Publisher }
      type Author { name: String }
      type Publisher { name: String address: Address }
      ${address} { zipCode: Int! }
    `,
  });
}

/** Apollo Router's documentation, "Demand control": its examples, and the figures it gives for them. */
describe("limits/cost: the examples of the Apollo Router's documentation", () => {
  const plain = measuring(library('type Address'));
  const weighted = measuring(library('type Address @cost(weight: 5)'));

  it('counts 4 for BookQuery: an object each', () => {
    expect(plain(`query BookQuery { book(id: 1) { ${bookFields} } }`).cost).toBe(4);
  });

  it('counts 8 for BookQuery where an address weighs 5', () => {
    expect(weighted(`query BookQuery { book(id: 1) { ${bookFields} } }`).cost).toBe(8);
  });

  it('counts 40 for BestsellersQuery, whose list is assumed to have 5', () => {
    expect(weighted(`query BestsellersQuery { bestsellers { ${bookFields} } }`).cost).toBe(40);
  });

  it.each([
    [3, 24],
    [7, 56],
  ])('counts for NewestAdditions with a limit of %i: %i', (limit, cost) => {
    const literal = `query NewestAdditions { newestAdditions(limit: ${limit}) { ${bookFields} } }`;
    expect(weighted(literal).cost).toBe(cost);
    const variable = `query NewestAdditions($n: Int!) { newestAdditions(limit: $n) { ${bookFields} } }`;
    expect(weighted(variable, { n: limit }).cost).toBe(cost);
  });
});

/** The schema of the Router's own tests (`custom_cost_schema.graphql`), as a subgraph. */
function customCost(cost: string, listSize: string): string {
  return `
    type Query {
      fieldWithCost: Int @${cost}(weight: 5)
      argWithCost(arg: Int @${cost}(weight: 10)): Int
      enumWithCost: AorB
      inputWithCost(someInput: InputTypeWithCost): Int
      scalarWithCost: ExpensiveInt
      objectWithCost: ExpensiveObject
      fieldWithListSize: [String!] @${listSize}(assumedSize: 2000, requireOneSlicingArgument: false)
      fieldWithDynamicListSize(first: Int = 10): SizedField
        @${listSize}(slicingArguments: ["first"], sizedFields: ["items"], requireOneSlicingArgument: true)
      itemsByIds(ids: [ID!]!): [A] @${listSize}(assumedSize: 50)
    }
    enum AorB @${cost}(weight: 15) { A B }
    scalar ExpensiveInt @${cost}(weight: 30)
    type ExpensiveObject @${cost}(weight: 40) { id: ID }
    input InputTypeWithCost { somethingWithCost: Int @${cost}(weight: 20) }
    type SizedField { items: [A] }
    type A { id: ID }
  `;
}

function customCostWith(imports: string, cost: string, listSize: string): string {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;
  const typeDefs = parse(link + customCost(cost, listSize));
  const { supergraphSdl, errors } = composeServices([
    { name: 'costly', url: 'http://a.test/', typeDefs },
  ]);
  if (supergraphSdl === undefined) throw new Error(errors.join());
  return supergraphSdl;
}

describe("limits/cost: the cases of the Apollo Router's own tests", () => {
  const items = 'fragment Items on SizedField { items { id } }';
  const base = `${items} { fieldWithCost argWithCost(arg: 3) enumWithCost
    inputWithCost(someInput: { somethingWithCost: 10 }) scalarWithCost objectWithCost { id } fieldWithListSize`;

  it.each([
    ['imported', '"@cost" "@listSize"', 'cost', 'listSize'],
    [
      'renamed',
      '{ name: "@cost", as: "@weighs" } { name: "@listSize", as: "@sized" }',
      'weighs',
      'sized',
    ],
    ['not imported', '"@key"', 'federation__cost', 'federation__listSize'],
  ])('custom_cost_query: 127 with directives that are %s', (_how, imports, cost, listSize) => {
    const measure = measuring(customCostWith(imports, cost, listSize));
    expect(measure(`${base} fieldWithDynamicListSize(first: 5) { ...Items } }`).cost).toBe(127);
  });

  const measure = measuring(customCostWith('"@cost" "@listSize"', 'cost', 'listSize'));

  it('custom_cost_query_with_default_slicing_argument: 132', () => {
    expect(measure(`${base} fieldWithDynamicListSize { ...Items } }`).cost).toBe(132);
  });

  it('custom_cost_query_with_variable_slicing_argument: 127', () => {
    const query = `${items} query ($costlyInput: InputTypeWithCost, $fieldCountVar: Int) {
      fieldWithCost argWithCost(arg: 3) enumWithCost inputWithCost(someInput: $costlyInput)
      scalarWithCost objectWithCost { id } fieldWithListSize
      fieldWithDynamicListSize(first: $fieldCountVar) { ...Items } }`;
    const variables = { costlyInput: { somethingWithCost: 10 }, fieldCountVar: 5 };
    expect(measure(query, variables).cost).toBe(127);
  });

  it('a list as slicing argument: its length', () => {
    // As newer compositions write it; this one takes integers only.
    const sdl = customCostWith('"@cost" "@listSize"', 'cost', 'listSize');
    const measureLists = measuring(sdl.replace('assumedSize: 50', 'slicingArguments: ["ids"]'));
    expect(measureLists('{ itemsByIds(ids: ["a", "b", "c"]) { id } }').cost).toBe(3);
    const query = 'query ($ids: [ID!]!) { itemsByIds(ids: $ids) { id } }';
    expect(measureLists(query, { ids: ['a', 'b'] }).cost).toBe(2);
  });
});

describe('limits/cost', () => {
  const shop = compose({
    shop: `
      type Query {
        things(first: Int, last: Int, page: Page): [Thing!]
          @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: true)
        open: [Thing!]
        one: Being
        either: Either
      }
      type Mutation { change: Thing }
      input Page { size: Int }
      interface Being { id: ID parts: [Part!] }
      type Thing implements Being { id: ID parts: [Part!] @cost(weight: 7) next: Thing }
      type Part @cost(weight: 3) { id: ID }
      union Either = Thing | Part
    `,
  }).replace('"first", "last"', '"first", "last", "page.size"');
  const measure = measuring(shop, { mode: 'measure', listSize: 10 });

  it.each([
    ['a query of nothing but names of types', '{ __typename }', 0],
    ['introspection', '{ __schema { types { name } } }', 0],
    ['a list without @listSize', '{ open { id } }', 10],
    ['nested lists', '{ open { parts { id } } }', 710],
    ['a mutation', 'mutation { change { id } }', 11],
    ['an interface as its most expensive type', '{ one { parts { id } } }', 71],
    ['a union as its most expensive member', '{ either { ... on Part { id } } }', 3],
    ['a path into an input object', '{ things(page: { size: 4 }) { id } }', 5],
    ['what is skipped', '{ open @skip(if: true) { id } one { id } }', 1],
    ['what is not included, in a fragment', '{ ... @include(if: false) { open { id } } }', 0],
  ])('counts %s', (_what, query, cost) => {
    expect(measure(query).cost).toBe(cost);
  });

  it('counts what a variable leaves in', () => {
    const query = 'query ($all: Boolean! = true) { open @include(if: $all) { id } }';
    expect([measure(query), measure(query, { all: false })].map(({ cost }) => cost)).toEqual([
      10, 0,
    ]);
  });

  it('takes the value of a variable over its default, and null for nothing said', () => {
    const query = 'query ($n: Int = 3) { things(first: $n) { id } }';
    const costs = [{}, { n: 2 }, { n: null }].map((variables) => measure(query, variables).cost);
    expect(costs).toEqual([3, 2, 10]);
  });

  it.each([[-5], ['many'], [{}], [[1]], [true]])('stays a cost whatever a variable is: %j', (n) => {
    const { cost } = measure('query ($n: Int) { things(first: $n) { id } }', { n });
    expect(cost).toBeGreaterThanOrEqual(0);
  });

  it('refuses what is over the most when it enforces, and says both figures', () => {
    const enforce = measuring(shop, { mode: 'enforce', max: 20, listSize: 10 });
    expect(enforce('{ a: open { id } b: open { id } }').violation).toBeUndefined();
    expect(enforce('{ a: open { id } b: open { id } one { id } }').violation).toEqual({
      code: 'COST_ESTIMATED_TOO_EXPENSIVE',
      message: 'The operation has an estimated cost of 21; at most 20 is allowed.',
      cost: { estimated: 21, max: 20 },
    });
  });

  it('refuses a list without its one slicing argument when it enforces', () => {
    const enforce = measuring(shop, { mode: 'enforce' });
    expect(enforce('{ things(first: 1) { id } }').violation).toBeUndefined();
    for (const query of ['{ things { id } }', '{ things(first: 1, last: 1) { id } }']) {
      expect(enforce(query).violation).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(measure(query).violation).toBeUndefined();
    }
  });

  it('measures nothing when it is off', () => {
    expect(measuring(shop, { mode: 'off' })('{ open { id } }')).toEqual({});
  });

  it('works a cost out once that no variable takes part in', () => {
    const { apiSchema } = readSupergraph(shop);
    const document = parse('query ($x: ID) { open { id } }');
    const operation = getOperationAST(document);
    if (!operation) throw new Error('Expected one operation.');
    const measureOnce = demandsOf({}).of(apiSchema, document, operation);
    expect(measureOnce({ x: '1' })).toBe(measureOnce({ x: '2' }));
  });
});
