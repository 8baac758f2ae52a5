import { readFileSync } from 'node:fs';
import {
  catalogueSize,
  contractOrder,
  cursorForPageOf,
  type Order,
  orders,
  products,
  users,
} from '../subgraphs/data.ts';
import type { Operation, UpstreamCall } from './operation.ts';

const selection = '{ id user { name email } items { product { name price } quantity } }';
const forOrders = '{ id user { id } items { product { id } quantity } }';

/** The contract's query, verbatim: one order from three subgraphs. */
export const main: Operation = {
  name: 'main',
  title: 'one order with its customer and products, from three subgraphs',
  query: readFileSync(new URL('../../test/contract/order.graphql', import.meta.url), 'utf8'),
  data: { order: viewOf(contractOrder) },
  upstream: [
    [{ subgraph: 'orders', query: `{ order(id: "${contractOrder.id}") ${forOrders} }` }],
    entitiesOf([contractOrder]),
  ],
};

/** A page of orders with the selection of the main query. */
export const list: Operation = page('list', 50, `orders(first: 50) { nodes ${selection} }`);

/** A list that one subgraph answers alone. */
export const passthrough: Operation = {
  name: 'passthrough',
  title: `${catalogueSize} products, from one subgraph`,
  query: '{ products { id name price stock } }',
  data: {
    products: [...products.values()]
      .slice(0, catalogueSize)
      .map(({ id, name, price, stock }) => ({ id, name, price, stock })),
  },
  upstream: [[{ subgraph: 'products', query: '{ products { id name price stock } }' }]],
};

/** The operations that are compared. */
export const comparedOperations: readonly Operation[] = [main, list, passthrough];

/** The list's shape at growing sizes, for the line that cost follows. */
export const growingOperations: readonly (Operation & { readonly size: number })[] = [
  1, 10, 100, 1_000,
].map((size) => {
  const cursor = cursorForPageOf(size);
  const query = `orders(first: 50, after: "${cursor}") { nodes ${selection} }`;
  return { ...page(`list of ${size}`, size, query), size };
});

/** Where a distinct operation differs from the next: a number takes this place in its query and its answer. */
export const distinctMark = '__n__';

/** The main query with an alias of its own each time: a plan that no cache knows. */
export const distinctMain: Operation = {
  ...main,
  name: 'distinct',
  title: 'the main query with a new alias each time',
  query: main.query.replace('quantity', `q${distinctMark}: quantity`),
  data: {
    order: JSON.parse(
      JSON.stringify(viewOf(contractOrder)).replaceAll('quantity', `q${distinctMark}`),
    ),
  },
};

function page(name: string, size: number, field: string): Operation {
  const found = orders.slice(0, size);
  return {
    name,
    title: `${size} orders with their customers and products, from three subgraphs`,
    query: `{ ${field} }`,
    data: { orders: { nodes: found.map(viewOf) } },
    upstream: [
      [{ subgraph: 'orders', query: `{ ${field.replace(selection, forOrders)} }` }],
      entitiesOf(found),
    ],
  };
}

/** What a client sees of an order. */
function viewOf({ id, userId, lines }: Order): object {
  const user = users.get(userId);
  return {
    id,
    user: { name: user?.name, email: user?.email },
    items: lines.map(({ productId, quantity }) => {
      const product = products.get(productId);
      return { product: { name: product?.name, price: product?.price }, quantity };
    }),
  };
}

/** The fewest entities that complete these orders: each customer and each product once. */
function entitiesOf(found: readonly Order[]): readonly UpstreamCall[] {
  const userIds = new Set(found.map(({ userId }) => userId));
  const productIds = new Set(found.flatMap(({ lines }) => lines.map(({ productId }) => productId)));
  return [
    entities('users', 'User', 'name email', userIds),
    entities('products', 'Product', 'name price', productIds),
  ];
}

function entities(
  subgraph: string,
  type: string,
  fields: string,
  ids: ReadonlySet<string>,
): UpstreamCall {
  return {
    subgraph,
    query: `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${fields} } } }`,
    variables: { representations: [...ids].map((id) => ({ __typename: type, id })) },
  };
}
