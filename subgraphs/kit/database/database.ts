import type { Kysely } from 'kysely';

/** Where the data lives: one PGlite for all subgraphs of a process, or a Postgres server. */
export interface DatabaseHome {
  /**
   * The tables of one subgraph, in a database schema of their own. Every query of the builder is qualified with that
   * schema; raw SQL must name it with `sql.table`.
   */
  connect<TTables>(schema: string): Kysely<TTables>;
  /** Whether there is a single session, which a transaction keeps from everybody else until its end. */
  readonly isSingleSession: boolean;
  /** Asks the database for an answer. Rejects when there is none within the deadlines of connections and statements. */
  ask(): Promise<void>;
  /** What `close` waits for, for whoever waits. */
  waitsFor(): readonly string[];
  /** Ends all connections, within a deadline. What was acknowledged is on disk. */
  close(): Promise<void>;
}

/** Told of every statement that is sent, for tests that count and for logs. */
export type StatementObserver = (statement: {
  readonly schema: string;
  readonly sql: string;
  readonly durationMs: number;
}) => void;
