import { PostgresDialect } from 'kysely';
import pg from 'pg';
import { messageOf, StartupError } from '../../../common/errors.ts';
import type { DatabaseHome, StatementObserver } from './database.ts';
import { connectSchema } from './schema-connection.ts';
import { timedPool } from './timed-pool.ts';

/** How a Postgres server is reached. */
export interface PostgresHomeOptions {
  readonly url: string;
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  /** The server ends a statement that takes longer, or longer than somebody waits for it. */
  readonly statementTimeoutMs: number;
  /** Told of a connection that broke while idle; the pool replaces it. */
  readonly onConnectionLost?: (error: Error) => void;
  readonly onStatement?: StatementObserver;
}

/** A pool of connections to a Postgres server. Throws StartupError DATABASE_UNAVAILABLE when it cannot be reached. */
export async function openPostgres(options: PostgresHomeOptions): Promise<DatabaseHome> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    application_name: 'supergraph',
  });
  pool.on('error', (error) => options.onConnectionLost?.(error));
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw new StartupError(
      'DATABASE_UNAVAILABLE',
      `The database at ${withoutPassword(options.url)} cannot be reached: ${messageOf(error)}.`,
      'Check DATABASE_URL and that the server is up.',
      { cause: error },
    );
  }
  const dialect = new PostgresDialect({ pool: timedPool(pool, options.statementTimeoutMs) });
  return {
    connect: (schema) => connectSchema(dialect, schema, options.onStatement),
    close: () => pool.end(),
  };
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL';
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.toString();
}
