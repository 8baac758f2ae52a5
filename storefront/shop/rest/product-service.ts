import { z } from 'zod';
import type { RestService } from '../../../gateway/http/rest/rest-service.ts';
import {
  createProduct,
  getProduct,
  listProducts,
  pageOf,
  product,
  productCreated,
  readMost,
} from './product-routes.ts';

/** Of a product, what the messages of the service carry, and what follows from that. */
const carried = product.pick({
  id: true,
  name: true,
  price: true,
  unitPrice: true,
  stock: true,
  inStock: true,
});

const absent = '`sku`, `description`, `weightGrams` and `createdAt` are absent';

/** The product routes that `ecommerce.ProductService` can answer. */
export const productService: RestService = {
  subgraph: 'products',
  routes: [
    {
      route: listProducts,
      description: `Without \`search\` and \`sort\`, products are in the order of their ids, and ${absent}; up to ${readMost} products can be listed so. With one of them, products are listed by the graph, and complete.`,
      answers: {
        200: {
          description: 'A page of products.',
          body: pageOf(z.union([carried, product])),
        },
        422: {
          description: `The page is beyond the first ${readMost} products, which only \`sort\` reaches.`,
        },
      },
    },
    {
      route: getProduct,
      description: `Of a product, ${absent}. An archived product does not exist, for admins either.`,
      answers: { 200: { description: 'The product.', body: carried } },
    },
    {
      route: createProduct,
      description: `In the answer, ${absent}, unless one of \`sku\`, \`description\` and \`weightGrams\` is given.`,
      answers: { 201: { ...productCreated, body: z.union([carried, product]) } },
    },
  ],
  open: async (options) => {
    // Only who calls the service loads what that takes.
    const { openProductClient } = await import('./product-client.ts');
    return openProductClient(options);
  },
};
