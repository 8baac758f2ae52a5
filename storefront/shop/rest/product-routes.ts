import { z } from 'zod';
import { defineRestRoute, type RestRoute } from '../../../gateway/http/rest/rest-route.ts';
import { money } from './money.ts';
import { notDone, payloadOf } from './payload.ts';

/** A product, as the graph answers. */
export const product = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  price: z.number(),
  unitPrice: money,
  stock: z.int(),
  inStock: z.boolean(),
  weightGrams: z.int(),
  createdAt: z.string(),
});

const productSelection =
  '{ id sku name description price unitPrice { amount currencyCode } stock inStock weightGrams createdAt }';

const productInput = z.strictObject({
  name: z.string().min(1).max(200),
  price: z.number().min(0).describe('In the shop’s currency, with at most two decimals.'),
  stock: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  description: z.string().max(5_000).optional(),
  weightGrams: z.int().min(1).max(1_000_000).optional(),
});

const id = z.object({ id: z.string().min(1).max(64).describe('The id of a product.') });

/** The answer for an id that no product has. */
export const noSuchProduct = { status: 404, detail: 'The product does not exist.' } as const;

/** The most products that are read for one page where the catalogue is a stream, from its first on. */
export const readMost = 1_000;

/** A page of products. */
export function pageOf<Product extends z.ZodType>(one: Product) {
  return z.object({
    products: z.array(one),
    next: z.string().nullable().describe('`after` of the next page; null on the last.'),
  });
}

/** The catalogue, page by page. */
export const listProducts = defineRestRoute({
  method: 'GET',
  path: '/products',
  operationId: 'listProducts',
  summary: 'The catalogue, page by page.',
  query: z.strictObject({
    first: z.coerce.number().int().min(1).max(100).default(20).describe('The page size.'),
    after: z.string().max(1_000).optional().describe('`next` of the previous page.'),
    search: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('A text that the name contains, in any case.'),
    sort: z
      .enum(['NAME_ASC', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST'])
      .optional()
      .describe('The sort order, by default NAME_ASC; equal products are ordered by id.'),
  }),
  document: `query ListProducts($first: Int!, $after: String, $filter: CatalogFilter, $sort: CatalogSort!) {
    catalog(first: $first, after: $after, filter: $filter, sort: $sort) {
      nodes ${productSelection}
      pageInfo { hasNextPage endCursor }
    }
  }`,
  variablesOf: ({ query: { search, sort = 'NAME_ASC', ...page } }) => ({
    ...page,
    sort,
    filter: search === undefined ? undefined : { search },
  }),
  data: z.object({
    catalog: z.object({
      nodes: z.array(product),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
  answerOf: ({ catalog: { nodes, pageInfo } }) => ({
    status: 200,
    body: { products: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null },
  }),
  answers: {
    200: {
      description: 'A page of products.',
      body: pageOf(product),
    },
  },
});

/** One product. */
export const getProduct = defineRestRoute({
  method: 'GET',
  path: '/products/{id}',
  operationId: 'getProduct',
  summary: 'One product.',
  pathParameters: id,
  document: `query GetProduct($id: ID!) { product(id: $id) ${productSelection} }`,
  variablesOf: ({ path }) => path,
  data: z.object({ product: product.nullable() }),
  answerOf: ({ product: found }) => (found ? { status: 200, body: found } : noSuchProduct),
  answers: { 200: { description: 'The product.', body: product }, 404: { description: 'None.' } },
});

/** The response with a new product. */
export const productCreated = {
  description: 'The product was added.',
  body: product,
  headers: { location: 'The address of the product.' },
} as const;

/** The header with the address of a new product. */
export function productLocation(productId: string): { readonly location: string } {
  return { location: `/products/${productId}` };
}

/** Adds a product. */
export const createProduct = defineRestRoute({
  method: 'POST',
  path: '/products',
  operationId: 'createProduct',
  summary: 'Adds a product to the catalogue. For admins.',
  body: productInput.extend({
    sku: z
      .string()
      .optional()
      .describe('3 to 40 of `A–Z 0–9 -`; generated from the id when absent.'),
  }),
  document: `mutation CreateProduct(
    $name: String!, $price: Float!, $stock: Int!, $sku: String, $description: String, $weightGrams: Int
  ) {
    createProduct(
      name: $name, price: $price, stock: $stock, sku: $sku, description: $description, weightGrams: $weightGrams
    ) ${productSelection}
  }`,
  variablesOf: ({ body }) => body,
  data: z.object({ createProduct: product }),
  answerOf: ({ createProduct: created }) => ({
    status: 201,
    headers: productLocation(created.id),
    body: created,
  }),
  answers: { 201: productCreated },
});

const updateProduct = defineRestRoute({
  method: 'PUT',
  path: '/products/{id}',
  operationId: 'updateProduct',
  summary: 'Changes a product. Its description and weight are not changed when absent. For admins.',
  pathParameters: id,
  body: productInput,
  document: `mutation UpdateProduct(
    $id: ID!, $name: String!, $price: Float!, $stock: Int!, $description: String, $weightGrams: Int
  ) {
    updateProduct(
      id: $id, name: $name, price: $price, stock: $stock, description: $description, weightGrams: $weightGrams
    ) ${productSelection}
  }`,
  variablesOf: ({ path, body }) => ({ ...path, ...body }),
  data: z.object({ updateProduct: product.nullable() }),
  answerOf: ({ updateProduct: updated }) =>
    updated ? { status: 200, body: updated } : noSuchProduct,
  answers: {
    200: { description: 'The updated product.', body: product },
    404: { description: 'None.' },
  },
});

const deleteProduct = defineRestRoute({
  method: 'DELETE',
  path: '/products/{id}',
  operationId: 'deleteProduct',
  summary: 'Removes a product from the catalogue; existing orders keep it. For admins.',
  pathParameters: id,
  document: `mutation DeleteProduct($input: ArchiveProductInput!) {
    archiveProduct(input: $input) { product { id } userErrors { code message path } }
  }`,
  variablesOf: ({ path }) => ({ input: path }),
  data: z.object({
    archiveProduct: payloadOf({ product: z.object({ id: z.string() }).nullable() }),
  }),
  answerOf: ({ archiveProduct }) =>
    archiveProduct.userErrors.length === 0 ? { status: 204 } : notDone(archiveProduct),
  answers: {
    204: { description: 'It was removed from the catalogue.' },
    404: { description: 'None.' },
  },
});

/** The catalogue for clients that do not use GraphQL. */
export const productRoutes: readonly RestRoute[] = [
  listProducts,
  createProduct,
  getProduct,
  updateProduct,
  deleteProduct,
];
