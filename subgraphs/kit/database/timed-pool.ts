import type { Duplex } from 'node:stream';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { AppError, messageOf } from '../../../common/errors.ts';
import { statementMsNow } from '../request-time.ts';
import { createStatementNames, type StatementNames } from './statement-names.ts';
import { TransactionEnd } from './transaction-end.ts';

/**
 * Extra time after a statement's timeout for the server to report that it cancelled the statement; after that it counts
 * as silent.
 */
const answerGraceMs = 1_000;

/** The maximum number of requests that wait for a connection. */
const maxWaiting = 1_000;

/**
 * SQLSTATE codes with which the server ends or refuses a connection: class 08 and 57P are connection errors and
 * operator interventions, 53300 is too many connections, 25P03 an idle transaction.
 */
const connectionStates = /^(?:08...|57P..|53300|25P03)$/;

/** The message of `pg` when no connection became free in time; it has no code. */
const noneFree = 'timeout exceeded when trying to connect';

/** The limits of a pool. */
export interface TimedPoolOptions {
  /** The maximum time of a statement; less when the current request has less time left. */
  readonly maxMs: number;
  /** Called when a connection was destroyed because the server did not answer. */
  readonly onSilence: (error: Error) => void;
}

/**
 * A pool in which every wait ends. The server cancels a statement when its caller no longer waits: each connection is
 * acquired with the time left of the current request as its `statement_timeout`. If the server does not even report
 * that, it counts as silent, as behind a broken network path: the statement fails and the connection is destroyed, and
 * so are the others that have received nothing since. Throws AppError SUBGRAPH_TIMEOUT, without acquiring a connection,
 * when the time is over; OVERLOADED when no connection is free; DATABASE_UNAVAILABLE when the connection is lost.
 */
export function timedPool(pool: pg.Pool, { maxMs, onSilence }: TimedPoolOptions): PostgresPool {
  const connections = new WeakMap<pg.PoolClient, TimedConnection>();
  let silences = 0;
  const surroundings: Surroundings = {
    maxMs,
    names: createStatementNames(),
    silences: () => silences,
    noteSilence: (error) => {
      silences += 1;
      onSilence(error);
    },
  };

  // A connection may break from its first moment on, even before the pool hands it out.
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

/** The socket of a connection: destroying it ends the connection without a goodbye, and fails its pending queries. */
export function socketOf(client: pg.ClientBase): Duplex {
  if (client instanceof pg.Client) return client.connection.stream;
  throw new Error('Expected a client of the pg package, got another one.');
}

interface Surroundings {
  readonly maxMs: number;
  readonly names: StatementNames;
  readonly silences: () => number;
  readonly noteSilence: (error: Error) => void;
}

class TimedConnection implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #surroundings: Surroundings;
  readonly #end = new TransactionEnd();
  /** The statement timeout that the server has now. */
  #statementMs: number;
  #heardAfterSilences: number;
  /** Set when the client has reported an error: it answers nothing more, though its socket may still be open. */
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

  /** Sets the server's timeout for statements of the current request. */
  async begin(): Promise<void> {
    this.#end.reset();
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
      this.#end.admit(sql);
      const timer = setTimeout(() => {
        const silence = new Error(`the database did not answer for ${waitMs} ms`);
        this.#surroundings.noteSilence(silence);
        this.discard();
        reject(unavailable(silence));
      }, waitMs);
      const { names } = this.#surroundings;
      const name = names.nameOf(sql, parameters);
      const values = [...parameters];
      const sent = name === undefined ? { text: sql, values } : { name, text: sql, values };
      this.#client.query(sent).then(
        (result) => {
          clearTimeout(timer);
          this.#heardAfterSilences = this.#surroundings.silences();
          resolve(result as unknown as PostgresQueryResult<R>);
        },
        (error: unknown) => {
          clearTimeout(timer);
          if (name !== undefined && isStalePlan(error)) {
            // Nothing was done. In a transaction, nothing more can be: then that fails, too.
            names.forget(sql);
            this.query<R>(sql, parameters).then(resolve, reject);
            return;
          }
          reject(this.#isLost(error) ? unavailable(error) : (error as Error));
        },
      );
    });
  }

  /** Destroys the connection without a goodbye, which a silent server would not answer. */
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

/** The table has changed since the statement was prepared, and so has the type of its result. */
function isStalePlan(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.routine === 'RevalidateCachedQuery';
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
  return new AppError('OVERLOADED', 'Too many requests are waiting for the database.', { cause });
}

function unavailable(cause: unknown): AppError {
  return new AppError('DATABASE_UNAVAILABLE', 'The database cannot be reached; try again.', {
    cause,
    retryAfterSeconds: 1,
  });
}
