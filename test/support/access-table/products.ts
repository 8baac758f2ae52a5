import { type AccessRow, keepsAllButAdminsOut, keepsNobodyOut } from './row.ts';

const everybody = {
  nobody: 'answer',
  customer: 'answer',
  owner: 'answer',
  admin: 'answer',
} as const;
const membersOnly = { ...everybody, nobody: 'UNAUTHENTICATED' } as const;
const adminsOnly = {
  nobody: 'UNAUTHENTICATED',
  customer: 'FORBIDDEN',
  owner: 'FORBIDDEN',
  admin: 'answer',
} as const;
const foundByAdmins = {
  nobody: 'null',
  customer: 'null',
  owner: 'null',
  admin: 'answer',
} as const;

/** A product that is archived; changing it does not affect other tests. */
const archived = { id: '24', sku: 'PLA-DVD-1' } as const;

/** What the subgraph itself and the supergraph answer alike. */
export const productsAccessRows: readonly AccessRow[] = [
  {
    field: 'Mutation.createProduct',
    operation:
      'mutation ($name: String!) { createProduct(name: $name, price: 1.5, stock: 0) { id sku } }',
    variables: { name: 'A product of the access table' },
    expected: adminsOnly,
  },
  {
    field: 'Mutation.updateProduct',
    operation: 'mutation ($id: ID!) { updateProduct(id: $id, stock: 3) { id stock } }',
    variables: { id: archived.id },
    expected: adminsOnly,
    atGateway: keepsAllButAdminsOut,
  },
  {
    field: 'Mutation.archiveProduct',
    operation:
      'mutation ($id: ID!) { archiveProduct(input: { id: $id }) { product { archivedAt } userErrors { code } } }',
    variables: { id: archived.id },
    expected: adminsOnly,
    atGateway: keepsAllButAdminsOut,
  },
  {
    field: 'Mutation.addReview',
    operation:
      'mutation ($id: ID!) { addReview(input: { productId: $id, rating: 4 }) { review { rating product { id } } userErrors { code } } }',
    variables: { id: '22' },
    expected: membersOnly,
    atGateway: keepsNobodyOut,
  },
  {
    field: 'Query.product, archived',
    operation: 'query ($id: ID!) { product(id: $id) { id name } }',
    variables: { id: archived.id },
    expected: foundByAdmins,
  },
  {
    field: 'Query.productBySku, archived',
    operation: 'query ($sku: String!) { productBySku(sku: $sku) { id name } }',
    variables: { sku: archived.sku },
    expected: foundByAdmins,
  },
  {
    field: 'Query.product',
    operation:
      'query ($id: ID!) { product(id: $id) { sku price stock unitPrice { amount } reviewCount } }',
    variables: { id: '1' },
    expected: everybody,
  },
  {
    field: 'Query.products',
    operation: '{ products { id name } }',
    variables: {},
    expected: everybody,
  },
  {
    field: 'Query.searchProducts',
    operation: '{ searchProducts(name: "lap") { id name } }',
    variables: {},
    expected: everybody,
  },
  {
    field: 'Query.catalog',
    operation: '{ catalog(first: 2) { nodes { id } pageInfo { endCursor } } }',
    variables: {},
    expected: everybody,
  },
  {
    field: 'Product.reviews',
    operation:
      'query ($id: ID!) { product(id: $id) { reviews { rating comment user { id } product { id } } } }',
    variables: { id: '1' },
    expected: everybody,
  },
];

/** What only a gateway asks of the subgraph: entities by reference. Through the gateway these are unknown fields. */
export const productsEntityRows: readonly AccessRow[] = [
  ofEntity('Product', { id: '1' }, 'id name stock handling weightGrams'),
  ofEntity('Product', archived, 'id name archivedAt'),
  ofEntity('Review', { id: '1' }, 'rating user { id }'),
  ofEntity('User', { id: '1' }, 'reviews { nodes { rating } pageInfo { endCursor } }'),
];

function ofEntity(type: string, key: object, selection: string): AccessRow {
  return {
    field: `${type} by reference: ${selection}`,
    operation: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selection} } } }`,
    variables: { of: [{ __typename: type, ...key }] },
    expected: everybody,
  };
}
