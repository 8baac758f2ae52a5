import { PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import type { DatabaseHome, StatementObserver } from './database.ts';
import { listenOnPostgres } from './listen-on-postgres.ts';
import { openFailure } from './open-failure.ts';
import { connectSchema } from './schema-connection.ts';
import { socketOf, timedPool } from './timed-pool.ts';

/** Options of the connections to a Postgres server. */
export interface PostgresHomeOptions {
  readonly url: string;
  readonly poolMax: number;
  /** The maximum wait for a connection, new or free, and for all of them to end. */
  readonly connectTimeoutMs: number;
  /** The server cancels a statement that takes longer than this, or than its caller waits. */
  readonly statementTimeoutMs: number;
  /** Called when a connection breaks, idle or in use; the pool replaces it. */
  readonly onConnectionLost?: (error: Error) => void;
  readonly onStatement?: StatementObserver;
}

/** After this idle time, TCP checks whether the other end still exists. */
const keepAliveAfterMs = 10_000;

/** A transaction of a client that has disappeared releases its locks after this time. */
const idleTransactionMs = 30_000;

/**
 * Opens a pool of connections to a Postgres server. Throws StartupError DATABASE_UNAVAILABLE when it cannot be reached.
 */
export async function openPostgres(options: PostgresHomeOptions): Promise<DatabaseHome> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
    application_name: 'supergraph',
  });
  const onLost = (error: Error): void => options.onConnectionLost?.(error);
  const open = trackConnections(pool, onLost);
  const timed = timedPool(pool, { maxMs: options.statementTimeoutMs, onSilence: onLost });
  const close = (): Promise<void> => endWithin(options.connectTimeoutMs, pool, open);
  try {
    await ask(timed);
  } catch (error) {
    await close();
    const { cause = error } = error as Error;
    throw openFailure(cause, options.url);
  }
  const dialect = new PostgresDialect({ pool: timed });
  return {
    connect: (schema) => connectSchema(dialect, schema, options.onStatement),
    listen: listenOnPostgres({
      url: options.url,
      connectTimeoutMs: options.connectTimeoutMs,
      onLost,
    }),
    isSingleSession: false,
    ask: () => ask(timed),
    waitsFor: () => describeConnections(pool),
    close,
  };
}

/**
 * The open connections. Each has a permanent error listener: the pool only has one while a connection is idle, and an
 * unhandled error event ends the process.
 */
function trackConnections(
  pool: pg.Pool,
  onLost: (error: Error) => void,
): ReadonlySet<pg.ClientBase> {
  const open = new Set<pg.ClientBase>();
  pool.on('connect', (client) => {
    open.add(client);
    client.on('error', onLost);
  });
  pool.on('remove', (client) => open.delete(client));
  // The connection's own listener has reported it already.
  pool.on('error', () => undefined);
  return open;
}

/** Ends connections gracefully, then destroys those whose server does not answer. */
async function endWithin(
  deadlineMs: number,
  pool: pg.Pool,
  open: ReadonlySet<pg.ClientBase>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      for (const client of open) socketOf(client).destroy();
      resolve();
    }, deadlineMs);
  });
  try {
    await Promise.race([ended(pool, open), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** The pool itself only waits for connections in use, not for the goodbyes. */
function ended(pool: pg.Pool, open: ReadonlySet<pg.ClientBase>): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      if (pool.ended && open.size === 0) resolve();
    };
    pool.on('remove', check);
    pool.end().then(check, reject);
  });
}

async function ask(pool: PostgresPool): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('select 1', []);
  } finally {
    connection.release();
  }
}

function describeConnections({ totalCount, idleCount, waitingCount }: pg.Pool): readonly string[] {
  const inUse = totalCount - idleCount;
  return [
    ...(inUse > 0 ? [`${inUse} database connections in use`] : []),
    ...(waitingCount > 0 ? [`${waitingCount} requests for a database connection`] : []),
  ];
}
