import DataLoader from 'dataloader';
import {
  type Connection,
  type PageArguments,
  readPage,
  toConnection,
} from '../../kit/connection.ts';
import { readIds } from '../../kit/ids.ts';
import { createGroupLoader, createRowLoader } from '../../kit/loaders.ts';
import { isSku, type Product } from '../domain/product.ts';
import type { Review, ReviewSummary } from '../domain/review.ts';
import type { ProductRepository } from './product-repository.ts';
import { reviewOrder, type ReviewRepository } from './review-repository.ts';

/** Loads products for one request. A product loaded by one key is cached for the other too. */
export interface ProductLoaders {
  readonly byId: DataLoader<string, Product | null>;
  readonly bySku: DataLoader<string, Product | null>;
  /** Replaces a cached product after it was written. */
  remember(product: Product): void;
}

/** Loads reviews for one request. */
export interface ReviewLoaders {
  readonly byId: DataLoader<string, Review | null>;
  readonly summaryOfProduct: DataLoader<string, ReviewSummary | null>;
  /** Loads the newest reviews of products: one statement per value of `first`. */
  newestOfProduct(first: number): DataLoader<string, readonly Review[]>;
  /**
   * Loads a page of the reviews of users: one statement per distinct page arguments. Throws AppError BAD_USER_INPUT for
   * invalid ones.
   */
  pageOfUser(page: PageArguments): DataLoader<string, Connection<Review>>;
  /** Clears the cache after a review was written. */
  forgetAll(): void;
}

/** Loaders of products for one request. Invalid keys load null without a statement. */
export function createProductLoaders(products: ProductRepository): ProductLoaders {
  const byId = createRowLoader(
    async (ids) => {
      const found = await unlessEmpty(readIds(ids), (possible) => products.byIds(possible));
      for (const product of found) bySku.prime(product.sku, product);
      return found;
    },
    ({ id }) => id,
  );
  const bySku: DataLoader<string, Product | null> = createRowLoader(
    async (skus) => {
      const found = await unlessEmpty(skus.filter(isSku), (possible) => products.bySkus(possible));
      for (const product of found) byId.prime(product.id, product);
      return found;
    },
    ({ sku }) => sku,
  );
  return {
    byId,
    bySku,
    remember(product) {
      byId.clear(product.id).prime(product.id, product);
      bySku.clear(product.sku).prime(product.sku, product);
    },
  };
}

/** Loaders of reviews for one request. Invalid keys load nothing without a statement. */
export function createReviewLoaders(reviews: ReviewRepository): ReviewLoaders {
  const newest = new Map<number, DataLoader<string, readonly Review[]>>();
  const pages = new Map<string, DataLoader<string, Connection<Review>>>();
  const byId = createRowLoader(
    (ids) => unlessEmpty(readIds(ids), (possible) => reviews.byIds(possible)),
    ({ id }) => id,
  );
  const summaryOfProduct = createRowLoader(
    (ids) => reviews.summariesOfProducts(ids),
    ({ productId }) => productId,
  );
  return {
    byId,
    summaryOfProduct,
    newestOfProduct: (first) =>
      memoized(newest, first, () =>
        createGroupLoader(
          (ids) => reviews.newestOfProducts(ids, first),
          ({ productId }) => productId,
        ),
      ),
    pageOfUser: ({ first, after }) =>
      memoized(pages, `${first} ${after ?? ''}`, () => createPageLoader(reviews, { first, after })),
    forgetAll() {
      byId.clearAll();
      summaryOfProduct.clearAll();
      newest.clear();
      pages.clear();
    },
  };
}

function createPageLoader(
  reviews: ReviewRepository,
  args: PageArguments,
): DataLoader<string, Connection<Review>> {
  const page = readPage(args, reviewOrder.name, reviewOrder.keyLength);
  const rows = createGroupLoader(
    (ids) => unlessEmpty(readIds(ids), (possible) => reviews.pageOfUsers(possible, page)),
    ({ userId }: Review) => userId,
  );
  return new DataLoader(async (userIds) =>
    (await rows.loadMany(userIds)).map((found) =>
      found instanceof Error
        ? found
        : toConnection(found, page, reviewOrder.name, reviewOrder.keyOf),
    ),
  );
}

async function unlessEmpty<TRow>(
  keys: readonly string[],
  fetchRows: (keys: readonly string[]) => Promise<readonly TRow[]>,
): Promise<readonly TRow[]> {
  return keys.length > 0 ? await fetchRows(keys) : [];
}

function memoized<TKey, TValue>(known: Map<TKey, TValue>, key: TKey, make: () => TValue): TValue {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
