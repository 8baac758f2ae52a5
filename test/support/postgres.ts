import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The Postgres server that tests may use, if any. */
export const postgresUrl = process.env.TEST_DATABASE_URL;

/** A database of a test's own on a Postgres server. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates an empty database. */
export async function createTestDatabase(server: string): Promise<TestDatabase> {
  const name = `supergraph_test_${randomBytes(6).toString('hex')}`;
  await execute(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => execute(server, `drop database ${name} with (force)`) };
}

async function execute(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
