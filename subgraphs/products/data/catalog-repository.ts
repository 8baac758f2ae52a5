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

/** Reads the catalogue in pages, one statement a page. */
export interface CatalogRepository {
  /** Throws AppError BAD_USER_INPUT for a page that cannot be asked for. */
  page(
    query: CatalogQuery & { readonly includeArchived: boolean },
    sort: CatalogSort,
    page: PageArguments,
  ): Promise<Connection<Product>>;
}

/** How many values the key of a place in the catalogue has: what is sorted by, and the id. */
const keyLength = 2;

/** An order of the catalogue, as an index of the table has it. */
interface Order {
  readonly sortedBy: RawBuilder<unknown>;
  readonly direction: 'asc' | 'desc';
  /** The value of a product that a cursor carries, as text. */
  readonly keyOf: (product: Product) => string;
  /** That text as a value to compare `sortedBy` with. */
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
    // The database lowers the cursor's name too: JavaScript does it differently for some letters.
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
      if (page.after) query = query.where(standsAfter(order, page.after));
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

/** The first comparison alone decides where the index is entered; the second one skips what was equal and seen. */
function standsAfter(
  { sortedBy, direction, valueOf }: Order,
  [key = '', id = '']: readonly string[],
): RawBuilder<boolean> {
  const value = valueOf(key);
  const beyond = sql.raw(direction === 'asc' ? '>' : '<');
  return sql<boolean>`(${sortedBy} ${beyond}= ${value}
    and (${sortedBy} ${beyond} ${value} or ${sql.ref('id')} > ${id}::bigint))`;
}
