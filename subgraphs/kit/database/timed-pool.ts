import type { Duplex } from 'node:stream';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { AppError, messageOf } from '../../../common/errors.ts';
import { statementMsNow } from '../request-time.ts';

/** Beyond a statement's time, for the server to say that it ended the statement: longer is silence. */
const answerGraceMs = 1_000;

/** The most requests that wait for a connection. */
const maxWaiting = 1_000;

/**
 * What the server says when it ends a connection or takes none (SQLSTATE): class 08 and 57P are about connections and
 * the operator's interventions, 53300 says that there are too many, 25P03 that a transaction was left idle.
 */
const connectionStates = /^(?:08...|57P..|53300|25P03)$/;

/** What `pg` says when no connection became free in time; it has no code of its own. */
const noneFree = 'timeout exceeded when trying to connect';

/** How a pool is timed. */
export interface TimedPoolOptions {
  /** The longest time of a statement; shorter is what the request at work has left. */
  readonly maxMs: number;
  /** Told of a connection that was thrown away because the server said nothing. */
  readonly onSilence: (error: Error) => void;
}

/**
 * A pool in which every wait ends. The server ends a statement when nobody waits for its answer any more: each
 * connection is taken with the time that the request at work has left as its `statement_timeout`. A server that does
 * not say so either is silent, as behind a broken path: the statement fails and the connection is thrown away, and so
 * are the others that have not been heard since. Throws AppError SUBGRAPH_TIMEOUT, and takes no connection, when the
 * time is over; OVERLOADED when no connection is free; DATABASE_UNAVAILABLE when the connection is lost.
 */
export function timedPool(pool: pg.Pool, { maxMs, onSilence }: TimedPoolOptions): PostgresPool {
  const connections = new WeakMap<pg.PoolClient, TimedConnection>();
  let silences = 0;
  const surroundings: Surroundings = {
    maxMs,
    silences: () => silences,
    noteSilence: (error) => {
      silences += 1;
      onSilence(error);
    },
  };

  // From its first moment on, a connection may break: before the pool gives it to somebody, too.
  pool.on('connect', (client) => {
    connections.set(client, new TimedConnection(client, surroundings));
  });

  const take = async (): Promise<TimedConnection> => {
    for (;;) {
      const client = await connect(pool);
      const known = connections.get(client);
      if (!known) throw new Error('Expected a pool that had no connection before it was timed.');
      if (known.wasHeardSinceSilence()) return known;
      known.discard();
      known.release();
    }
  };

  return {
    async connect() {
      statementMsNow(maxMs);
      const connection = await take();
      try {
        await connection.begin();
      } catch (error) {
        connection.release();
        throw error;
      }
      return connection;
    },
    end: () => pool.end(),
  };
}

/** The socket of a connection: destroying it ends the connection without a farewell, and what it was asked fails. */
export function socketOf(client: pg.ClientBase): Duplex {
  if (client instanceof pg.Client) return client.connection.stream;
  throw new Error('Expected a client of the pg package, got another one.');
}

interface Surroundings {
  readonly maxMs: number;
  readonly silences: () => number;
  readonly noteSilence: (error: Error) => void;
}

class TimedConnection implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #surroundings: Surroundings;
  /** What the server was told last as the time of a statement. */
  #statementMs: number;
  #heardAfterSilences: number;
  /** Since the client has told of an error: it answers nothing more, though its socket may still be open. */
  #isBroken = false;

  constructor(client: pg.PoolClient, surroundings: Surroundings) {
    this.#client = client;
    this.#surroundings = surroundings;
    this.#statementMs = surroundings.maxMs;
    this.#heardAfterSilences = surroundings.silences();
    client.on('error', () => {
      this.#isBroken = true;
    });
  }

  wasHeardSinceSilence(): boolean {
    return this.#heardAfterSilences === this.#surroundings.silences();
  }

  /** Tells the server how long a statement of the request at work may take. */
  async begin(): Promise<void> {
    const statementMs = statementMsNow(this.#surroundings.maxMs);
    if (statementMs === this.#statementMs) return;
    await this.query(`set statement_timeout to ${statementMs}`, []);
    this.#statementMs = statementMs;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query(cursor: never): never;
  query<R>(sql: string, parameters: readonly unknown[] = []): Promise<PostgresQueryResult<R>> {
    const waitMs = this.#statementMs + answerGraceMs;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const silence = new Error(`the database said nothing for ${waitMs} ms`);
        this.#surroundings.noteSilence(silence);
        this.discard();
        reject(unavailable(silence));
      }, waitMs);
      this.#client.query(sql, [...parameters]).then(
        (result) => {
          clearTimeout(timer);
          this.#heardAfterSilences = this.#surroundings.silences();
          resolve(result as unknown as PostgresQueryResult<R>);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(this.#isLost(error) ? unavailable(error) : (error as Error));
        },
      );
    });
  }

  /** Cuts the connection without a farewell, which a silent server would not answer. */
  discard(): void {
    socketOf(this.#client).destroy();
  }

  release(): void {
    this.#client.release(this.#isGone());
  }

  #isLost(error: unknown): boolean {
    return error instanceof pg.DatabaseError
      ? connectionStates.test(error.code ?? '')
      : this.#isGone();
  }

  #isGone(): boolean {
    return this.#isBroken || socketOf(this.#client).destroyed;
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  if (pool.waitingCount >= maxWaiting) throw overloaded();
  try {
    return await pool.connect();
  } catch (error) {
    throw messageOf(error) === noneFree ? overloaded(error) : unavailable(error);
  }
}

function overloaded(cause?: unknown): AppError {
  return new AppError('OVERLOADED', 'Too many are waiting for the database.', { cause });
}

function unavailable(cause: unknown): AppError {
  return new AppError('DATABASE_UNAVAILABLE', 'The database cannot be reached; try again.', {
    cause,
    retryAfterSeconds: 1,
  });
}
