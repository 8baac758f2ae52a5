import { describe, expect, it } from '@jest/globals';
import { compose } from '../../test/support/federation.ts';
import { planRequestOf } from '../../test/support/plan-request.ts';
import type { PlanNode } from '../execution/plan.ts';
import { readSupergraph } from '../supergraph/supergraph.ts';
import { createOwnPlanner } from './own-planner.ts';
import type { Planner } from './planner.ts';

const plannerOf = (schemas: Readonly<Record<string, string>>): Planner =>
  createOwnPlanner(readSupergraph(compose(schemas)));

const shop = plannerOf({
  catalog: `
        type Query { product(id: ID!): Product products: [Product!]! me: User }
        type Subscription { changed(id: ID): Product }
        type Product @key(fields: "id") @key(fields: "sku") { id: ID! sku: String! name: String maker: User }
        type User @key(fields: "id") { id: ID! }
      `,
  people: `
        type User @key(fields: "id") { id: ID! name: String friends: [User!]! favourite: Product rank: Int @shareable }
        type Product @key(fields: "id", resolvable: false) { id: ID! }
      `,
  stock: `
        type Product @key(fields: "sku") { sku: String! left: Int place: Place }
        type Place @key(fields: "code") { code: ID! }
      `,
  places:
    'type Place @key(fields: "code") { code: ID! town: String } type User @key(fields: "id") { id: ID! rank: Int @shareable home: Place }',
});

/** The subgraphs called, step by step. */
function steps(node: PlanNode | undefined): readonly (readonly string[])[] {
  if (!node) return [];
  switch (node.kind) {
    case 'sequence':
      return node.nodes.flatMap(steps);
    case 'parallel': {
      const all = node.nodes.map(steps);
      const length = Math.max(...all.map((each) => each.length));
      return Array.from({ length }, (_, step) => all.flatMap((each) => each[step] ?? []));
    }
    case 'flatten':
      return steps(node.node);
    case 'condition':
      return [];
    case 'subscription':
      return [...steps(node.primary), ...steps(node.rest)];
    case 'defer':
      return steps(node.primary.node);
    default:
      return [[node.subgraph]];
  }
}

/** The operations of a plan whose steps follow each other. */
function operations(node: PlanNode | undefined): readonly string[] {
  if (node?.kind === 'sequence') return node.nodes.flatMap(operations);
  if (node?.kind === 'flatten') return operations(node.node);
  return node?.kind === 'fetch' ? [node.operation] : [];
}

const asked = (text: string, planner = shop): readonly (readonly string[])[] =>
  steps(planner.plan(planRequestOf(text)).plan.node);

describe('planning/own-planner', () => {
  it.each([
    ['one subgraph when it has everything', '{ products { id name } }', [['catalog']]],
    [
      'subgraphs in parallel when they are independent',
      '{ product(id: 1) { left maker { name } } }',
      [['catalog'], ['people', 'stock']],
    ],
    [
      'each subgraph once per step, wherever the entities are',
      '{ me { name friends { id } } product(id: 1) { maker { name } } }',
      [['catalog'], ['people']],
    ],
    [
      'for shared fields a subgraph that is called anyway',
      '{ me { rank home { town } } }',
      [['catalog'], ['places']],
    ],
    [
      'a subgraph once when one fetch can be delayed',
      '{ product(id: 1) { place { town } } me { home { town } name } }',
      [['catalog'], ['people', 'stock'], ['places']],
    ],
    [
      'along a chain of keys',
      '{ me { favourite { left } } }',
      [['catalog'], ['people'], ['catalog'], ['stock']],
    ],
    [
      'no subgraph for introspection and the root __typename',
      '{ __typename __schema { description } }',
      [],
    ],
  ])('calls %s', (_, text, expected) => {
    expect(asked(text).map((step) => [...step].sort())).toEqual(expected);
  });

  it('takes a key from a subgraph that is called anyway', () => {
    const planner = plannerOf({
      a: 'type Query { items: [Item] @shareable } type Item @key(fields: "id") { id: ID! }',
      b: `
        type Query { items: [Item] @shareable }
        type Item @key(fields: "id") { id: ID! other: Other }
        type Other { code: Int }
      `,
      c: 'type Item @key(fields: "id") { id: ID! price: Int }',
    });
    expect(asked('{ items { price other { code } } }', planner)).toEqual([['b'], ['c']]);
  });

  it('delays an independent fetch to a later request to the same subgraph', () => {
    const planner = plannerOf({
      a: `
        type Query { item: Item maker: Maker }
        type Item @key(fields: "id") { id: ID! }
        type Maker @key(fields: "id") { id: ID! }
      `,
      b: 'type Maker @key(fields: "id") { id: ID! name: String @shareable }',
      c: 'type Item @key(fields: "id") { id: ID! weight: Int }',
      d: `
        type Item @key(fields: "id") { id: ID! weight: Int @external cost: Int @requires(fields: "weight") }
        type Maker @key(fields: "id") { id: ID! name: String @shareable }
      `,
    });
    expect(asked('{ item { cost } maker { name } }', planner)).toEqual([['a'], ['c'], ['d']]);
  });

  it('does not fetch a key again that came with the object, even at the end of a long chain', () => {
    const link = 'type Link @shareable { id: ID! }';
    const chains = plannerOf({
      one: `
        type Query { nothing: Int }
        type Part @key(fields: "a") { a: ID! }
        type Thing @key(fields: "x") { x: Int! first: Int parts: [Part] }
      `,
      two: `
        type Part @key(fields: "a") @key(fields: "b { id }") { a: ID! b: Link! }
        type Thing @key(fields: "x") @key(fields: "y z") { x: Int! y: String! z: ID! }
        ${link}
      `,
      three: `
        type Part @key(fields: "b { id }") @key(fields: "c d") { b: Link! c: Int! d: String! }
        type Thing @key(fields: "y z") @key(fields: "part { c d }") { y: String! z: ID! part: Part! third: String }
        ${link}
      `,
      four: `
        type Part @key(fields: "c d") { c: Int! d: String! thing: Thing }
        type Thing @key(fields: "part { c d }") @key(fields: "w") { part: Part! w: ID! }
      `,
      five: `
        type Query { things: [Thing] }
        type Thing @key(fields: "w") {
          w: ID! first: Int @external third: String @external far: Int @requires(fields: "first third")
        }
      `,
    });
    const requests = asked('{ things { parts { thing { far } } } }', chains).flat();
    expect(requests).toHaveLength(12);
  });

  it.each([
    ['of an object type: the schema says it', '{ product { price } }', '{ product { _id: id } }'],
    [
      'of an interface',
      '{ any { ... on Book { price } } }',
      '{ any { __typename ... on Book { _id: id } } }',
    ],
    [
      'of an interface object, which the subgraph knows by no other name',
      '{ rated { ... on Book { price } } }',
      '{ rated { __typename _id: id } }',
    ],
    [
      'of an object type, which the client selects',
      '{ product { __typename price } }',
      '{ product { _id: id } }',
    ],
  ])('asks for the type of an entity only where it may be another: %s', (_, text, operation) => {
    const media = plannerOf({
      books: `type Query { product: Book any: Media }
        interface Media @key(fields: "id") { id: ID! }
        type Book implements Media @key(fields: "id") { id: ID! }
        type Film implements Media @key(fields: "id") { id: ID! }
      `,
      prices: `type Book @key(fields: "id") { id: ID! price: Int }
        type Film @key(fields: "id") { id: ID! price: Int }
      `,
      ratings: `type Query { rated: Media }
        type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }
      `,
    });
    const [first] = operations(media.plan(planRequestOf(text)).plan.node);
    expect(first).toBe(operation);
  });

  it('is deterministic, to the letter', () => {
    const text =
      '{ me { rank home { town } name } products { left place { town } maker { name rank } } }';
    const plans = [0, 1, 2].map(() => JSON.stringify(shop.plan(planRequestOf(text)).plan));
    expect(new Set(plans).size).toBe(1);
  });

  it('plans wide and deep operations', () => {
    const wide = Array.from({ length: 1_000 }, (_, index) => `a${index}: name`).join(' ');
    expect(asked(`{ me { ${wide} } }`)).toEqual([['catalog'], ['people']]);
    let deep = 'name';
    for (let level = 0; level < 100; level += 1) deep = `friends { ${deep} }`;
    expect(asked(`{ me { ${deep} } }`)).toEqual([['catalog'], ['people']]);
    const nested = `${'... on Query { '.repeat(55)}products { id }${' }'.repeat(55)}`;
    expect(asked(`{ ${nested} }`)).toEqual([['catalog']]);
  });

  it('rejects an operation whose fragments expand exponentially', () => {
    const fragments = Array.from(
      { length: 20 },
      (_, index) =>
        `fragment F${index} on User { a: friends { ...F${index + 1} } b: friends { ...F${index + 1} } }`,
    );
    const bomb = `{ me { ...F0 } } ${fragments.join(' ')} fragment F20 on User { name home { town } }`;
    expect(() => shop.plan(planRequestOf(bomb))).toThrow(
      expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX' }),
    );
  });

  it('plans a subscription as a primary fetch and the fetches for each event', () => {
    const { node } = shop.plan(planRequestOf('subscription { changed(id: 1) { name left } }')).plan;
    expect(node).toMatchObject({
      kind: 'subscription',
      primary: {
        subgraph: 'catalog',
        operationKind: 'subscription',
        operation: 'subscription { changed(id: 1) { name _sku: sku } }',
      },
      rest: { kind: 'flatten', node: { subgraph: 'stock' } },
    });
    const whole = shop.plan(planRequestOf('subscription { changed { id } }')).plan.node;
    expect(whole).toMatchObject({ kind: 'subscription', rest: undefined });
  });

  it('keeps the keys, variables and fragments of the plan apart from those of the client', () => {
    const text =
      'query ($representations: ID!) { product(id: $representations) { _id: name id: sku left } }';
    const { plan, storeKeys } = shop.plan(planRequestOf(text));
    expect(JSON.stringify(plan)).toContain('$representations_1: [_Any!]!');
    expect(storeKeys.clientKeys.get('_1__id')).toBe('_id');
  });
});
