import { type Kysely, sql } from 'kysely';
import { AppError } from '../../../common/errors.ts';
import { isUniqueViolation } from '../../kit/database/unique-violation.ts';
import type { NewProduct, ProductChange } from '../domain/product-input.ts';
import { generatedSku, type Product } from '../domain/product.ts';
import { hasName } from './search.ts';
import { schemaName, type ProductsTables, toProduct } from './tables.ts';

/** The maximum length of a plain list of products. */
const maxListLength = 100;

/** Which products a list contains. */
export interface ListQuery {
  readonly includeArchived: boolean;
  /** A part of the name, in any case. */
  readonly search?: string;
}

/** Reads and writes products, with one statement per call unless noted. */
export interface ProductRepository {
  byIds(ids: readonly string[]): Promise<readonly Product[]>;
  bySkus(skus: readonly string[]): Promise<readonly Product[]>;
  /** The first 100, ordered by id. */
  list(query: ListQuery): Promise<readonly Product[]>;
  /** At most `limit` products of the catalogue, ordered by id, starting after an id. */
  after(id: string, limit: number): Promise<readonly Product[]>;
  /** Two statements. Throws AppError BAD_USER_INPUT when another product has the sku. */
  insert(product: NewProduct): Promise<Product>;
  /** The changed product; undefined when no product has this id. */
  update(id: string, change: ProductChange): Promise<Product | undefined>;
  /** The product, archived now or earlier; undefined when no product has this id. */
  archive(id: string): Promise<Product | undefined>;
}

/** Products in the database. */
export function createProductRepository(database: Kysely<ProductsTables>): ProductRepository {
  return {
    async byIds(ids) {
      const rows = await database
        .selectFrom('products')
        .selectAll()
        .where(sql<boolean>`id = any (${ids}::bigint[])`)
        .execute();
      return rows.map(toProduct);
    },

    async bySkus(skus) {
      const rows = await database
        .selectFrom('products')
        .selectAll()
        .where('sku', 'in', skus)
        .execute();
      return rows.map(toProduct);
    },

    async list({ includeArchived, search }) {
      const rows = await database
        .selectFrom('products')
        .selectAll()
        .$if(!includeArchived, (query) => query.where('archived_at', 'is', null))
        .$if(search !== undefined, (query) => query.where(hasName(search ?? '')))
        .orderBy('id')
        .limit(maxListLength)
        .execute();
      return rows.map(toProduct);
    },

    async after(id, limit) {
      const rows = await database
        .selectFrom('products')
        .selectAll()
        .where('id', '>', id)
        .where('archived_at', 'is', null)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(toProduct);
    },

    async insert(product) {
      const id = await nextId(database);
      const sku = product.sku ?? generatedSku(id);
      try {
        const row = await database
          .insertInto('products')
          .values({
            id,
            sku,
            name: product.name,
            description: product.description,
            price_minor: String(product.priceMinor),
            stock: product.stock,
            weight_grams: product.weightGrams,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toProduct(row);
      } catch (error) {
        if (!isUniqueViolation(error, 'products_sku_key')) throw error;
        throw new AppError('BAD_USER_INPUT', `"sku" must be unique; another product has ${sku}.`);
      }
    },

    async update(id, change) {
      const columns = toColumns(change);
      const row = await database
        .updateTable('products')
        // An empty change still needs a result: the unchanged row.
        .set(Object.keys(columns).length > 0 ? columns : { id })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row && toProduct(row);
    },

    async archive(id) {
      const row = await database
        .updateTable('products')
        .set({ archived_at: sql`coalesce(archived_at, now())` })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row && toProduct(row);
    },
  };
}

/** The id is reserved before the row is written, because the sku may be derived from it. */
async function nextId(database: Kysely<ProductsTables>): Promise<string> {
  const table = `${schemaName}.products`;
  const { rows } = await sql<{
    readonly id: string;
  }>`select nextval(pg_get_serial_sequence(${table}, 'id')) as id`.execute(database);
  const [row] = rows;
  if (!row) throw new Error(`The sequence of ${table} returned no id.`);
  return row.id;
}

function toColumns({ name, description, priceMinor, stock, weightGrams }: ProductChange) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(priceMinor !== undefined && { price_minor: String(priceMinor) }),
    ...(stock !== undefined && { stock }),
    ...(weightGrams !== undefined && { weight_grams: weightGrams }),
  };
}
