import type { Generated, Selectable } from 'kysely';
import type { Handling, Product } from '../domain/product.ts';
import type { ReservationState } from '../domain/reservation.ts';
import type { Review } from '../domain/review.ts';

/** The database schema of this subgraph, for raw SQL. */
export const schemaName = 'products';

/** The tables that the migrations create. 64-bit integers are read as text. */
export interface ProductsTables {
  readonly products: ProductTable;
  readonly reviews: ReviewTable;
  readonly reservations: ReservationTable;
  readonly reservation_items: ReservationItemTable;
}

/** A row read from `products`. */
export type ProductRow = Selectable<ProductTable>;

/** A row read from `reviews`. */
export type ReviewRow = Selectable<ReviewTable>;

interface ProductTable {
  id: Generated<string>;
  sku: string;
  name: string;
  description: string | null;
  price_minor: string;
  stock: number;
  weight_grams: number;
  handling: Generated<Handling>;
  created_at: Generated<Date>;
  archived_at: Date | null;
}

interface ReviewTable {
  id: Generated<string>;
  product_id: string;
  user_id: string;
  rating: number;
  comment: string | null;
  created_at: Generated<Date>;
}

interface ReservationTable {
  readonly order_id: string;
  state: ReservationState;
  readonly expires_at: Date;
  readonly created_at: Date;
}

interface ReservationItemTable {
  readonly order_id: string;
  readonly product_id: string;
  readonly quantity: number;
}

/** Converts a row of `products` to the domain type. */
export function toProduct(row: ProductRow): Product {
  return {
    id: row.id,
    sku: row.sku,
    name: row.name,
    description: row.description,
    priceMinor: Number(row.price_minor),
    stock: row.stock,
    weightGrams: row.weight_grams,
    handling: row.handling,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  };
}

/** Converts a row of `reviews` to the domain type. */
export function toReview(row: ReviewRow): Review {
  return {
    id: row.id,
    productId: row.product_id,
    userId: row.user_id,
    rating: row.rating,
    comment: row.comment,
    createdAt: row.created_at,
  };
}
