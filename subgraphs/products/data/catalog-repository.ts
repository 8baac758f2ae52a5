import { type Kysely, type RawBuilder, sql } from 'kysely';
import {
  type Connection,
  type PageArguments,
  readCursorTime,
  readPage,
  toConnection,
} from '../../kit/connection.ts';
import type { CatalogQuery, CatalogSort } from '../domain/catalog.ts';
import type { Product } from '../domain/product.ts';
import { hasName } from './search.ts';
import { type ProductsTables, toProduct } from './tables.ts';

/** Reads pages of the catalogue, with one statement per page. */
export interface CatalogRepository {
  /** Throws AppError BAD_USER_INPUT for invalid page arguments. */
  page(
    query: CatalogQuery & { readonly includeArchived: boolean },
    sort: CatalogSort,
    page: PageArguments,
  ): Promise<Connection<Product>>;
}

/** The number of values in the key of a position: the sort value, and the id. */
const keyLength = 2;

/** A sort order of the catalogue; the table has an index for each. */
interface Order {
  readonly sortedBy: RawBuilder<unknown>;
  readonly direction: 'asc' | 'desc';
  /** The value of a product for its cursor, as text. */
  readonly keyOf: (product: Product) => string;
  /** Converts that text to a value to compare `sortedBy` with. */
  readonly valueOf: (key: string) => RawBuilder<unknown>;
}

const byPrice = {
  sortedBy: sql.ref('price_minor'),
  keyOf: ({ priceMinor }: Product) => String(priceMinor),
  valueOf: (key: string) => sql`${key}::bigint`,
};

const orders: Readonly<Record<CatalogSort, Order>> = {
  NAME_ASC: {
    sortedBy: sql`lower(${sql.ref('name')}) collate "C"`,
    direction: 'asc',
    keyOf: ({ name }) => name,
    // The database converts the cursor's name to lower case too: JavaScript does it differently for some letters.
    valueOf: (key) => sql`lower(${key}::text) collate "C"`,
  },
  PRICE_ASC: { ...byPrice, direction: 'asc' },
  PRICE_DESC: { ...byPrice, direction: 'desc' },
  NEWEST: {
    sortedBy: sql.ref('created_at'),
    direction: 'desc',
    keyOf: ({ createdAt }) => createdAt.toISOString(),
    valueOf: (key) => sql`${readCursorTime(key).toISOString()}::timestamptz`,
  },
};

/** The catalogue in the database. */
export function createCatalogRepository(database: Kysely<ProductsTables>): CatalogRepository {
  return {
    async page({ search, minPriceMinor, maxPriceMinor, inStock, includeArchived }, sort, args) {
      const order = orders[sort];
      const page = readPage(args, sort, keyLength);
      let query = database.selectFrom('products').selectAll();
      if (!includeArchived) query = query.where('archived_at', 'is', null);
      if (search !== undefined) query = query.where(hasName(search));
      if (minPriceMinor !== undefined) {
        query = query.where('price_minor', '>=', String(minPriceMinor));
      }
      if (maxPriceMinor !== undefined) {
        query = query.where('price_minor', '<=', String(maxPriceMinor));
      }
      if (inStock !== undefined) query = query.where('stock', inStock ? '>' : '=', 0);
      if (page.after) query = query.where(isAfter(order, page.after));
      const rows = await query
        .orderBy(order.sortedBy, order.direction)
        .orderBy('id')
        .limit(page.first + 1)
        .execute();
      return toConnection(rows.map(toProduct), page, sort, (product) => [
        order.keyOf(product),
        product.id,
      ]);
    },
  };
}

/** The first comparison finds the start in the index; the second one skips equal values that have already been seen. */
function isAfter(
  { sortedBy, direction, valueOf }: Order,
  [key = '', id = '']: readonly string[],
): RawBuilder<boolean> {
  const value = valueOf(key);
  const beyond = sql.raw(direction === 'asc' ? '>' : '<');
  return sql<boolean>`(${sortedBy} ${beyond}= ${value}
    and (${sortedBy} ${beyond} ${value} or ${sql.ref('id')} > ${id}::bigint))`;
}
