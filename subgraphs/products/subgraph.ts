import { defineSubgraph, readSchema } from '../kit/define-subgraph.ts';
import { loadInventoryAddress } from '../kit/grpc/load-inventory-address.ts';
import { createChanges } from '../kit/streams/changes.ts';
import { access } from './access.ts';
import { createProductsContext, type ProductsContext, type ProductsServices } from './context.ts';
import { createCatalogRepository } from './data/catalog-repository.ts';
import { stockChangesChannel } from './data/changes-channel.ts';
import { createProductRepository } from './data/product-repository.ts';
import { createReservationRepository } from './data/reservation-repository.ts';
import { createReviewRepository } from './data/review-repository.ts';
import { seed, unseed } from './data/seed.ts';
import { type ProductsTables, schemaName } from './data/tables.ts';
import { resolvers } from './resolvers/index.ts';
import { grpcAddressOf, startGrpc } from './services/grpc.ts';
import { createStockFollowing } from './services/stock-following.ts';

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
  services: ({ database, listen }) => {
    const products = createProductRepository(database);
    return {
      products,
      catalog: createCatalogRepository(database),
      reviews: createReviewRepository(database),
      reservations: createReservationRepository(database),
      stock: createStockFollowing(products, createChanges(listen, stockChangesChannel)),
    };
  },
  context: createProductsContext,
  checkSettings: loadInventoryAddress,
  companion: {
    addresses: (settings, environment) => [grpcAddressOf(settings, environment)],
    start: startGrpc,
  },
});
