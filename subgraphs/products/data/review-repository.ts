import { type Kysely, sql } from 'kysely';
import { type PageRequest, readCursorTime } from '../../kit/connection.ts';
import { isUniqueViolation } from '../../kit/database/unique-violation.ts';
import type { Review, ReviewSummary } from '../domain/review.ts';
import { type ProductsTables, toReview } from './tables.ts';

/** The values of a new review; the rest comes from the database. */
export type NewReview = Pick<Review, 'productId' | 'userId' | 'rating' | 'comment'>;

/** Reads and writes reviews, with one statement per call, for any number of keys. */
export interface ReviewRepository {
  byIds(ids: readonly string[]): Promise<readonly Review[]>;
  /** The newest reviews of each product, at most `first` of each. */
  newestOfProducts(productIds: readonly string[], first: number): Promise<readonly Review[]>;
  /** A page of the reviews of each user, newest first, each with one more than the page size. */
  pageOfUsers(userIds: readonly string[], page: PageRequest): Promise<readonly Review[]>;
  /** The review count and average rating of each product that has a review. */
  summariesOfProducts(productIds: readonly string[]): Promise<readonly ReviewSummary[]>;
  /** Adds a review of a product in the catalogue, or returns why it cannot. */
  insert(review: NewReview): Promise<Review | 'PRODUCT_NOT_FOUND' | 'ALREADY_REVIEWED'>;
}

/** The sort order of a user's reviews in cursors: newest first, and by id among equal times. */
export const reviewOrder = {
  name: 'NEWEST_REVIEW',
  keyLength: 2,
  keyOf: ({ createdAt, id }: Review): readonly string[] => [createdAt.toISOString(), id],
} as const;

/** Reviews in the database. */
export function createReviewRepository(database: Kysely<ProductsTables>): ReviewRepository {
  return {
    async byIds(ids) {
      const rows = await database
        .selectFrom('reviews')
        .selectAll()
        .where('id', 'in', ids)
        .execute();
      return rows.map(toReview);
    },

    async newestOfProducts(productIds, first) {
      // A lateral join reads only `first` entries of the index for each product.
      const rows = await database
        .selectFrom(keys(productIds))
        .innerJoinLateral(
          (from) =>
            from
              .selectFrom('reviews')
              .selectAll('reviews')
              .whereRef('reviews.product_id', '=', 'owner.id')
              .orderBy('created_at', 'desc')
              .orderBy('id', 'desc')
              .limit(first)
              .as('review'),
          (join) => join.onTrue(),
        )
        .selectAll('review')
        .execute();
      return rows.map(toReview);
    },

    async pageOfUsers(userIds, { first, after }) {
      const rows = await database
        .selectFrom(keys(userIds))
        .innerJoinLateral(
          (from) =>
            from
              .selectFrom('reviews')
              .selectAll('reviews')
              .whereRef('reviews.user_id', '=', 'owner.id')
              .$if(after !== undefined, (query) => query.where(standsAfter(after ?? [])))
              .orderBy('created_at', 'desc')
              .orderBy('id', 'desc')
              .limit(first + 1)
              .as('review'),
          (join) => join.onTrue(),
        )
        .selectAll('review')
        .execute();
      return rows.map(toReview);
    },

    async summariesOfProducts(productIds) {
      const rows = await database
        .selectFrom('reviews')
        .select(({ fn }) => [
          'product_id',
          fn.countAll<string>().as('count'),
          fn.sum<string>('rating').as('sum'),
        ])
        .where('product_id', 'in', productIds)
        .groupBy('product_id')
        .execute();
      return rows.map(({ product_id: productId, count, sum }) => ({
        productId,
        count: Number(count),
        averageRating: Number(sum) / Number(count),
      }));
    },

    async insert({ productId, userId, rating, comment }) {
      try {
        // A single statement decides by the product's state and the user's existing review, and inserts the row.
        const row = await database
          .insertInto('reviews')
          .columns(['product_id', 'user_id', 'rating', 'comment'])
          .expression((from) =>
            from
              .selectFrom('products')
              .select([
                'products.id',
                sql`${userId}::bigint`.as('user_id'),
                sql`${rating}::smallint`.as('rating'),
                sql`${comment}::text`.as('comment'),
              ])
              .where('products.id', '=', productId)
              .where('products.archived_at', 'is', null),
          )
          .returningAll()
          .executeTakeFirst();
        return row ? toReview(row) : 'PRODUCT_NOT_FOUND';
      } catch (error) {
        if (isUniqueViolation(error, 'reviews_one_per_user_and_product')) return 'ALREADY_REVIEWED';
        throw error;
      }
    },
  };
}

function keys(ids: readonly string[]) {
  return sql<{ id: string }>`unnest(${ids}::bigint[])`.as<'owner'>(sql`owner(id)`);
}

function standsAfter([time = '', id = '']: readonly string[]) {
  const createdAt = readCursorTime(time).toISOString();
  return sql<boolean>`(${sql.ref('created_at')}, ${sql.ref('id')}) < (${createdAt}::timestamptz, ${id}::bigint)`;
}
