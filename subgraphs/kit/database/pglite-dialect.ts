import { type PGlite, type Results, types } from '@electric-sql/pglite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Semaphore } from '../../../common/semaphore.ts';
import { statementMsNow } from '../request-time.ts';
import { TransactionEnd } from './transaction-end.ts';

/** The part of PGlite that is used. */
export type EmbeddedDatabase = Pick<PGlite, 'query' | 'exec' | 'listen' | 'waitReady' | 'close'>;

/** 64-bit integers and decimals are text, as with `pg`: a JavaScript number cannot represent all of them. */
const options = {
  parsers: { [types.INT8]: (text: string) => text, [types.NUMERIC]: (text: string) => text },
};

/**
 * A Kysely dialect for a PGlite that several Kysely instances share. PGlite is a single session, so a connection is the
 * right to use it: `session` has one place, and a transaction holds it until its end.
 */
export function createPGliteDialect(pglite: EmbeddedDatabase, session: Semaphore): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PGliteDriver(pglite, session),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PGliteDriver implements Driver {
  readonly #pglite: EmbeddedDatabase;
  readonly #session: Semaphore;

  constructor(pglite: EmbeddedDatabase, session: Semaphore) {
    this.#pglite = pglite;
    this.#session = session;
  }

  async init(): Promise<void> {
    await this.#pglite.waitReady;
  }

  /** A statement cannot be interrupted here, but one is not started when its caller no longer waits. */
  async acquireConnection(): Promise<PGliteConnection> {
    const release = await this.#session.acquire();
    try {
      statementMsNow(Number.POSITIVE_INFINITY);
    } catch (error) {
      release();
      throw error;
    }
    return new PGliteConnection(this.#pglite, release);
  }

  async beginTransaction(
    connection: PGliteConnection,
    settings: Parameters<Driver['beginTransaction']>[1],
  ): Promise<void> {
    const level = settings.isolationLevel ? ` isolation level ${settings.isolationLevel}` : '';
    await connection.executeQuery(CompiledQuery.raw(`begin${level}`));
  }

  async commitTransaction(connection: PGliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: PGliteConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  releaseConnection(connection: PGliteConnection): Promise<void> {
    connection.release();
    return Promise.resolve();
  }

  /** The PGlite belongs to its home, which closes it; other dialects may still use it. */
  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

class PGliteConnection implements DatabaseConnection {
  readonly #pglite: EmbeddedDatabase;
  readonly #end = new TransactionEnd();
  readonly release: () => void;

  constructor(pglite: EmbeddedDatabase, release: () => void) {
    this.#pglite = pglite;
    this.release = release;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    this.#end.admit(sql);
    if (parameters.length > 0) {
      return toQueryResult(await this.#pglite.query<R>(sql, [...parameters], options));
    }
    // Without parameters a text may contain several statements, as in a migration; the rows are those of the last one.
    const results = await this.#pglite.exec(sql, options);
    return toQueryResult(results.at(-1) as Results<R> | undefined);
  }

  /** PGlite has no cursors to stream from. */
  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('PGlite does not stream rows; read a page at a time.');
  }
}

function toQueryResult<R>(results: Results<R> | undefined): QueryResult<R> {
  return {
    rows: results?.rows ?? [],
    numAffectedRows: BigInt(results?.affectedRows ?? 0),
  };
}
