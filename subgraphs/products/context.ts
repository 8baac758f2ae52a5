import type { SubgraphContext } from '../kit/define-subgraph.ts';
import type { CatalogRepository } from './data/catalog-repository.ts';
import {
  createProductLoaders,
  createReviewLoaders,
  type ProductLoaders,
  type ReviewLoaders,
} from './data/loaders.ts';
import type { ProductRepository } from './data/product-repository.ts';
import type { ReservationRepository } from './data/reservation-repository.ts';
import type { ReviewRepository } from './data/review-repository.ts';
import type { StockFollowing } from './services/stock-following.ts';

/** What lives as long as the process. */
export interface ProductsServices {
  readonly products: ProductRepository;
  readonly catalog: CatalogRepository;
  readonly reviews: ReviewRepository;
  readonly reservations: ReservationRepository;
  readonly stock: StockFollowing;
}

/** The context of resolvers in this subgraph. */
export interface ProductsContext extends SubgraphContext, ProductsServices {
  readonly load: {
    readonly products: ProductLoaders;
    readonly reviews: ReviewLoaders;
  };
}

/** Creates the context of one request, with its own loaders. */
export function createProductsContext(
  request: SubgraphContext,
  services: ProductsServices,
): ProductsContext {
  return {
    ...request,
    ...services,
    load: {
      products: createProductLoaders(services.products),
      reviews: createReviewLoaders(services.reviews),
    },
  };
}
