import type { Kysely } from 'kysely';
import type { Listen } from './listen.ts';

/** Where the data is stored: one PGlite for all subgraphs of a process, or a Postgres server. */
export interface DatabaseHome {
  /**
   * The tables of one subgraph, in their own database schema. Every query of the builder is qualified with that schema;
   * raw SQL must use `sql.table`.
   */
  connect<TTables>(schema: string): Kysely<TTables>;
  /** Listens to what transactions notify, of any process. */
  readonly listen: Listen;
  /** Whether there is a single session, which a transaction keeps from all others until it ends. */
  readonly isSingleSession: boolean;
  /** Runs a trivial query. Rejects when it is not answered within the deadlines of connections and statements. */
  ask(): Promise<void>;
  /** What `close` is waiting for, as text. */
  waitsFor(): readonly string[];
  /** Ends all connections, within a deadline. Acknowledged changes are on disk. */
  close(): Promise<void>;
}

/** Called with every statement that is sent, for tests that count them and for logs. */
export type StatementObserver = (statement: {
  readonly schema: string;
  readonly sql: string;
  readonly durationMs: number;
}) => void;
