import type { Transaction } from 'kysely';
import { demonstrationProducts, demonstrationReviews } from './demonstration-data.ts';
import type { ProductsTables } from './tables.ts';

/** Writes the demonstration shop's catalogue and reviews into empty tables. */
export async function seed(transaction: Transaction<ProductsTables>): Promise<void> {
  const products = demonstrationProducts.map(
    ({ priceMinor, weightGrams, createdAt, archivedAt, ...product }) => ({
      ...product,
      price_minor: String(priceMinor),
      weight_grams: weightGrams,
      created_at: new Date(createdAt),
      archived_at: archivedAt === undefined ? null : new Date(archivedAt),
    }),
  );
  await transaction.insertInto('products').values(products).execute();
  const reviews = demonstrationReviews.map(({ productId, userId, createdAt, ...review }) => ({
    ...review,
    product_id: productId,
    user_id: userId,
    created_at: new Date(createdAt),
  }));
  await transaction.insertInto('reviews').values(reviews).execute();
}
