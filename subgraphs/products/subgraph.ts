import { defineSubgraph, readSchema } from '../kit/define-subgraph.ts';
import { loadInventoryAddress } from '../kit/grpc/load-inventory-address.ts';
import { access } from './access.ts';
import { createProductsContext, type ProductsContext, type ProductsServices } from './context.ts';
import { createCatalogRepository } from './data/catalog-repository.ts';
import { createProductRepository } from './data/product-repository.ts';
import { createReservationRepository } from './data/reservation-repository.ts';
import { createReviewRepository } from './data/review-repository.ts';
import { seed, unseed } from './data/seed.ts';
import { type ProductsTables, schemaName } from './data/tables.ts';
import { resolvers } from './resolvers/index.ts';
import { grpcAddressOf, startGrpc } from './services/grpc.ts';

/** The catalogue: products and their reviews. */
export const products = defineSubgraph<ProductsTables, ProductsServices, ProductsContext>({
  name: schemaName,
  port: 4002,
  schema: readSchema(new URL('./schema.graphql', import.meta.url)),
  resolvers,
  access,
  migrations: new URL('./data/migrations/', import.meta.url),
  seed,
  unseed,
  services: ({ database }) => ({
    products: createProductRepository(database),
    catalog: createCatalogRepository(database),
    reviews: createReviewRepository(database),
    reservations: createReservationRepository(database),
  }),
  context: createProductsContext,
  checkSettings: loadInventoryAddress,
  companion: {
    addresses: (settings, environment) => [grpcAddressOf(settings, environment)],
    start: startGrpc,
  },
});
