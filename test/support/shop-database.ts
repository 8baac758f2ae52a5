import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

/** The database of a shop, seen from outside of its processes. */
export interface ShopDatabase {
  query<T>(statement: string, values?: readonly unknown[]): Promise<readonly T[]>;
  close(): Promise<void>;
}

/** Opens the database of a shop. An embedded one belongs to one process: that of the shop must have ended. */
export async function openShopDatabase({
  databaseUrl,
  dataDir,
}: {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
}): Promise<ShopDatabase> {
  if (databaseUrl === undefined) {
    const embedded = await PGlite.create(join(dataDir, 'pglite'));
    return {
      query: async <T>(statement: string, values: readonly unknown[] = []) =>
        (await embedded.query<T>(statement, [...values])).rows,
      close: () => embedded.close(),
    };
  }
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  return {
    query: async <T>(statement: string, values: readonly unknown[] = []) =>
      (await pool.query(statement, [...values])).rows as T[],
    close: () => pool.end(),
  };
}

/** Puts products into the catalogue, each with so much stock, and gives their ids. */
export async function insertProducts(
  database: ShopDatabase,
  stocks: readonly number[],
): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>(
    `insert into products.products (sku, name, price_minor, stock, weight_grams)
      select 'LOAD-' || place, 'A product', 500, stock, 100 from unnest($1::int[]) with ordinality as s (stock, place)
      returning id::text`,
    [stocks],
  );
  return rows.map(({ id }) => id);
}

/** Writes customers and gives their ids. They cannot log in: their tokens are made by the caller. */
export async function insertCustomers(
  database: ShopDatabase,
  count: number,
): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>(
    `insert into users.users (email, name, role, password_hash, created_at)
      select 'customer-' || place || '@example.com', 'Bea', 'customer', 'none', now() from generate_series(1, $1) as place
      returning id::text`,
    [count],
  );
  return rows.map(({ id }) => id);
}
