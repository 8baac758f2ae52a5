import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { openPostgres } from '../../subgraphs/kit/database/postgres-home.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/postgres.ts';

const url = postgresUrl;

(url === undefined ? describe.skip : describe)('kit/prepared-statements (Postgres)', () => {
  let own: TestDatabase;
  let home: DatabaseHome;
  let database: Kysely<Record<string, never>>;

  beforeAll(async () => {
    own = await createTestDatabase(url ?? '');
    home = await openPostgres({
      ...{ url: own.url, poolMax: 1, connectTimeoutMs: 5_000, statementTimeoutMs: 10_000 },
    });
    database = home.connect('public');
    await sql`create table things (id int primary key, name text)`.execute(database);
    await sql`insert into things values (1, 'one')`.execute(database);
  });
  afterAll(async () => {
    await home.close();
    await own.drop();
  });

  const read = async (on: Kysely<Record<string, never>> = database) =>
    (await sql`select * from things where id = ${1}`.execute(on)).rows;
  const prepared = async () => {
    const { rows } = await sql<{ statement: string }>`
      select statement from pg_prepared_statements where statement like '%things%'`.execute(
      database,
    );
    return rows.length;
  };

  it('are those that are sent often', async () => {
    await read();
    expect(await prepared()).toBe(0);
    for (let count = 0; count < 5; count += 1)
      expect(await read()).toEqual([{ id: 1, name: 'one' }]);
    expect(await prepared()).toBe(1);
  });

  it('answer as before when a migration has changed their table meanwhile', async () => {
    await sql`alter table things add column more int`.execute(database);
    expect(await read()).toEqual([{ id: 1, name: 'one', more: null }]);
    expect(await database.transaction().execute((transaction) => read(transaction))).toHaveLength(
      1,
    );
  });

  it('leave the connection usable when one fails', async () => {
    for (let count = 0; count < 5; count += 1) {
      const dividing = sql`select 1 / ${0}::int`.execute(database);
      await expect(dividing).rejects.toMatchObject({ code: '22012' });
    }
    expect(await read()).toHaveLength(1);
  });
});
