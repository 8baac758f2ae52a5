import { type Dialect, Kysely } from 'kysely';
import type { StatementObserver } from './database.ts';

/** A Kysely for a dialect, whose queries are all qualified with one database schema and reported to the observer. */
export function connectSchema<TTables>(
  dialect: Dialect,
  schema: string,
  onStatement: StatementObserver | undefined,
): Kysely<TTables> {
  const database = new Kysely<TTables>({
    dialect,
    ...(onStatement && {
      log: ({ query, queryDurationMillis }) => {
        onStatement({ schema, sql: query.sql, durationMs: queryDurationMillis });
      },
    }),
  });
  return database.withSchema(schema);
}
