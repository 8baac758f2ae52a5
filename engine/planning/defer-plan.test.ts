import { describe, expect, it } from '@jest/globals';
import { print } from 'graphql';
import { compose } from '../../test/support/federation.ts';
import { planRequestOf } from '../../test/support/plan-request.ts';
import type { DeferredNode, DeferNode, PlanNode } from '../execution/plan.ts';
import { readSupergraph } from '../supergraph/supergraph.ts';
import { conditionVariables } from './conditions.ts';
import { createOwnPlanner } from './own-planner.ts';
import type { PlanRequest } from './planner.ts';
import { planAsJson, planAsText } from './print-plan.ts';

const shop = createOwnPlanner(
  readSupergraph(
    compose({
      catalog: `
        type Query { product(id: ID!): Product products: [[Product!]] found: [Found!]! }
        type Mutation { make(name: String): Product }
        type Subscription { changed: Product }
        union Found = Product | Size
        type Product @key(fields: "id") { id: ID! name: String price: Int size: Size maker: User media: [Media!] }
        type Size { width: Int unit: Unit }
        type Unit @key(fields: "code") { code: ID! }
        type User @key(fields: "id") { id: ID! }
        interface Media @key(fields: "id") { id: ID! }
        type Film implements Media @key(fields: "id") { id: ID! title: String }
        type Book implements Media @key(fields: "id") { id: ID! pages: Int }
      `,
      people: `
        type Query { me: User }
        type User @key(fields: "id") { id: ID! name: String rank: Int friends: [User!] }
      `,
      stock: `
        type Product @key(fields: "id") { id: ID! price: Int @external tax: Int @requires(fields: "price") left: Int }
        type Unit @key(fields: "code") { code: ID! long: String }
        type Media @key(fields: "id") @interfaceObject { id: ID! copies: Int }
      `,
    }),
  ),
);

function request(text: string, conditions: Readonly<Record<string, boolean>> = {}): PlanRequest {
  return { ...planRequestOf(text, conditions), incremental: true };
}

function deferNode(text: string, conditions?: Readonly<Record<string, boolean>>): DeferNode {
  const { node } = shop.plan(request(text, conditions)).plan;
  if (node?.kind !== 'defer') throw new Error('Expected a plan with deferred parts.');
  return node;
}

/** The requests of a node, as `subgraph selection` without variables. */
function requests(node: PlanNode | undefined): readonly string[] {
  switch (node?.kind) {
    case undefined:
    case 'condition':
    case 'subscription':
      return [];
    case 'sequence':
    case 'parallel':
      return node.nodes.flatMap(requests);
    case 'flatten':
      return requests(node.node);
    case 'defer':
      return requests(node.primary.node);
    case 'fetch':
    case 'batch-fetch': {
      const selection = node.operation.replace(/^\w+ ?(\(.*?\) )?/, '');
      return [`${node.subgraph} ${selection.replace('(representations: $representations)', '')}`];
    }
  }
}

function summary({ label, paths, depends, selection, node }: DeferredNode): object {
  return {
    label,
    paths: paths.map((path) =>
      path.map((each) => (each.kind === 'key' ? each.name : each.kind)).join('.'),
    ),
    depends,
    selection: selection && print(selection).replaceAll(/\s+/g, ' '),
    requests: requests(node),
  };
}

const plan = (text: string, conditions?: Readonly<Record<string, boolean>>): object => {
  const { primary, deferred } = deferNode(text, conditions);
  return { primary: requests(primary.node), deferred: deferred.map(summary) };
};

describe('planning/defer-plan', () => {
  it('fetches the keys for deferred parts with the primary part', () => {
    expect(plan('{ product(id: 1) { name ... @defer(label: "l") { left } } }')).toEqual({
      primary: ['catalog { product(id: 1) { name _id: id } }'],
      deferred: [
        {
          label: 'l',
          paths: ['product'],
          depends: ['0'],
          selection: '{ left }',
          requests: ['stock { _entities { ... on Product { left } } }'],
        },
      ],
    });
  });

  it('fetches deferred fields from the same subgraph by key', () => {
    expect(plan('{ product(id: 1) { name ... @defer { price } } }')).toMatchObject({
      primary: ['catalog { product(id: 1) { name _id: id } }'],
      deferred: [{ requests: ['catalog { _entities { ... on Product { price } } }'] }],
    });
  });

  it('fetches deferred fields of objects without a key with the primary part', () => {
    expect(plan('{ product(id: 1) { size { ... @defer { width } } } }')).toMatchObject({
      primary: ['catalog { product(id: 1) { size { width } } }'],
      deferred: [{ paths: ['product.size'], selection: '{ width }', depends: [], requests: [] }],
    });
  });

  it('continues by key below objects without a key', () => {
    expect(plan('{ product(id: 1) { size { ... @defer { unit { long } } } } }')).toMatchObject({
      primary: ['catalog { product(id: 1) { size { unit { _code: code } } } }'],
      deferred: [{ depends: ['0'], requests: ['stock { _entities { ... on Unit { long } } }'] }],
    });
  });

  it('does not fetch again what the primary part has, at any depth', () => {
    expect(
      plan(
        '{ product(id: 1) { name maker { id } ... @defer { name maker { id ...F } } } } fragment F on User { name }',
      ),
    ).toMatchObject({
      primary: ['catalog { product(id: 1) { name maker { id _id: id } } }'],
      deferred: [
        {
          paths: ['product'],
          selection: '{ name maker { id ... on User { name } } }',
          requests: ['people { _entities { ... on User { name } } }'],
        },
      ],
    });
    expect(plan('{ product(id: 1) { name ... @defer { name } } }')).toMatchObject({
      primary: ['catalog { product(id: 1) { name } }'],
      deferred: [{ selection: '{ name }', depends: [], requests: [] }],
    });
  });

  it('fetches the @requires of a deferred field in its part, unless the primary part has them', () => {
    expect(plan('{ product(id: 1) { id ... @defer { tax } } }')).toMatchObject({
      primary: ['catalog { product(id: 1) { id _id: id } }'],
      deferred: [
        {
          requests: [
            'catalog { _entities { ... on Product { _price: price } } }',
            'stock { _entities { ... on Product { tax } } }',
          ],
        },
      ],
    });
    expect(plan('{ product(id: 1) { price ... @defer { tax } } }')).toMatchObject({
      primary: ['catalog { product(id: 1) { price _id: id _price: price } }'],
      deferred: [{ requests: ['stock { _entities { ... on Product { tax } } }'] }],
    });
  });

  it('plans a nested @defer as a part of the outer one', () => {
    const { deferred } = deferNode(
      '{ products { id ... @defer(label: "a") { maker { id ... @defer(label: "b") { name } } } } }',
    );
    const [outer] = deferred;
    expect(outer).toMatchObject({ label: 'a', depends: ['0'], selection: undefined });
    const inner = outer?.node as DeferNode;
    expect(inner.kind).toBe('defer');
    expect(requests(inner.primary.node)).toEqual([
      'catalog { _entities { ... on Product { maker { id _id: id } } } }',
    ]);
    expect(inner.deferred.map(summary)).toEqual([
      {
        label: 'b',
        paths: ['products.list.list.maker'],
        depends: ['1'],
        selection: '{ name }',
        requests: ['people { _entities { ... on User { name } } }'],
      },
    ]);
  });

  it('makes a nested part depend on the primary part when that has the key', () => {
    const { deferred } = deferNode('{ me { id ... @defer { name ... @defer { rank } } } }');
    expect((deferred[0]?.node as DeferNode).deferred[0]?.depends).toEqual(['0']);
  });

  it('fetches deferred root fields in a separate request', () => {
    expect(plan('{ product(id: 1) { id } ... @defer { me { name } } }')).toMatchObject({
      primary: ['catalog { product(id: 1) { id } }'],
      deferred: [{ paths: [''], depends: [], requests: ['people { me { name } }'] }],
    });
    expect(plan('{ ... @defer { me { name } } }')).toMatchObject({
      primary: [],
      deferred: [{ requests: ['people { me { name } }'] }],
    });
  });

  it('distinguishes the types of unions and interface objects', () => {
    expect(plan('{ found { ... on Product @defer { left } } }')).toMatchObject({
      primary: ['catalog { found { __typename ... on Product { _id: id } } }'],
      deferred: [
        {
          selection: '{ ... on Product { left } }',
          requests: ['stock { _entities { ... on Product { left } } }'],
        },
      ],
    });
    expect(
      plan('{ product(id: 1) { media { id ... on Film { ... @defer { title copies } } } } }'),
    ).toMatchObject({
      primary: [
        'catalog { product(id: 1) { media { __typename ... on Book { id } ... on Film { id _id: id } } } }',
      ],
      deferred: [
        {
          selection: '{ ... on Film { title copies } }',
          requests: [
            'catalog { _entities { ... on Media { __typename ... on Film { title } } } }',
            'stock { _entities { ... on Media { copies } } }',
          ],
        },
      ],
    });
  });

  it('makes two parts of a fragment spread in two places', () => {
    const { deferred } = deferNode(
      '{ found { ... on Product { maker { ...F @defer } } } me { friends { ...F @defer } } } fragment F on User { rank }',
    );
    expect(deferred.map(summary)).toMatchObject([
      { paths: ['found.list.types.maker'], selection: '{ ... on User { rank } }' },
      { paths: ['me.friends.list'], selection: '{ ... on User { rank } }' },
    ]);
  });

  it('keeps aliases and conditions', () => {
    expect(
      plan(
        'query ($no: Boolean!) { p: product(id: 1) { id ... @defer { left @skip(if: $no) l: left @include(if: $no) } } }',
        { no: true },
      ),
    ).toMatchObject({
      deferred: [
        {
          paths: ['p'],
          selection: '{ l: left }',
          requests: ['stock { _entities { ... on Product { l: left } } }'],
        },
      ],
    });
  });

  it('defers by the value of "if"', () => {
    const text = (value: string): string =>
      `query ($v: Boolean!) { product(id: 1) { id ... @defer(if: ${value}) { left } } }`;
    const at = (value: string, v = true): string | undefined =>
      shop.plan(request(text(value), { v })).plan.node?.kind;
    expect([at('true'), at('false'), at('$v'), at('$v', false)]).toEqual([
      'defer',
      'sequence',
      'defer',
      'sequence',
    ]);
    expect(conditionVariables(request(text('$v')), true)).toEqual(['v']);
    expect(conditionVariables(request(text('$v')))).toEqual([]);
  });

  it('ignores @defer without incremental delivery', () => {
    const { incremental: _, ...plain } = request('{ product(id: 1) { id ... @defer { left } } }');
    const without = request('{ product(id: 1) { id ... { left } } }');
    expect(shop.plan(plain).plan).toEqual(shop.plan(without).plan);
  });

  it('defers below the root fields of a mutation, but not the root fields themselves', () => {
    expect(plan('mutation { a: make { id ... @defer { left } } b: make { id } }')).toMatchObject({
      primary: ['catalog { a: make { id _id: id } b: make { id } }'],
      deferred: [{ paths: ['a'], depends: ['0'] }],
    });
    const atRoot = request('mutation { ... @defer { make { id } } }');
    expect(() => shop.plan(atRoot)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });

  it('rejects @defer in a subscription', () => {
    for (const text of [
      'subscription { ... @defer { changed { id } } }',
      'subscription { changed { id ... @defer { left } } }',
    ])
      expect(() => shop.plan(request(text))).toThrow(
        expect.objectContaining({ code: 'BAD_REQUEST' }),
      );
    const off = request('subscription { changed { id ... @defer(if: false) { left } } }');
    expect(shop.plan(off).plan.node?.kind).toBe('subscription');
  });

  it('counts deferred parts against the budget', () => {
    const fragments = Array.from(
      { length: 16 },
      (_, index) => `fragment F${index} on User {
        a: friends { ...F${index + 1} @defer } b: friends { ...F${index + 1} @defer } }`,
    );
    const bomb = `{ me { ...F0 } } ${fragments.join(' ')} fragment F16 on User { name }`;
    expect(() => shop.plan(request(bomb))).toThrow(
      expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX' }),
    );
  });

  it('prints plans like the tools of Apollo', () => {
    const { plan: shown } = shop.plan(
      request('{ product(id: 1) { id ... @defer(label: "l") { maker { id } left } } }'),
    );
    expect(planAsJson(shown)).toMatchObject({
      kind: 'QueryPlan',
      node: {
        kind: 'Defer',
        primary: { subselection: '{ product(id: 1) { id } }', node: { kind: 'Fetch', id: '0' } },
        deferred: [
          {
            depends: [{ id: '0' }],
            label: 'l',
            queryPath: ['product'],
            subselection: '{ maker { id } left }',
            node: { kind: 'Parallel' },
          },
        ],
      },
    });
    const text = planAsText(shown);
    expect(text).toContain('Fetch(service: "catalog", id: 0) {');
    expect(text).toContain('Deferred(depends: [0], path: "product", label: "l") {');
  });
});
