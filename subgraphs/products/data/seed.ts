import type { Transaction } from 'kysely';
import type { RemovedRows } from '../../kit/define-subgraph.ts';
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

/** The demonstration accounts, as in users. */
const accounts = ['1', '2', '3'];

/**
 * Removes the demonstration shop's catalogue, its reviews and reservations, and what the demonstration accounts wrote
 * elsewhere.
 */
export async function unseed(transaction: Transaction<ProductsTables>): Promise<RemovedRows> {
  const ids = demonstrationProducts.map(({ id }) => id);
  const reviews = await transaction
    .deleteFrom('reviews')
    .where((eb) => eb.or([eb('product_id', 'in', ids), eb('user_id', 'in', accounts)]))
    .executeTakeFirst();
  const reservations = await transaction
    .deleteFrom('reservations')
    .where('order_id', 'in', (eb) =>
      eb.selectFrom('reservation_items').select('order_id').where('product_id', 'in', ids),
    )
    .executeTakeFirst();
  const products = await transaction
    .deleteFrom('products')
    .where('id', 'in', ids)
    .executeTakeFirst();
  return {
    products: Number(products.numDeletedRows),
    reviews: Number(reviews.numDeletedRows),
    reservations: Number(reservations.numDeletedRows),
  };
}
