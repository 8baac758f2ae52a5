import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { openPostgres } from '../../subgraphs/kit/database/postgres-home.ts';
import { products } from '../../subgraphs/products/subgraph.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/postgres.ts';

const hasPsql = spawnSync('psql', ['--version']).status === 0;
const lacking = postgresUrl === undefined ? 'TEST_DATABASE_URL is not set' : 'psql is not there';
const isRunnable = postgresUrl !== undefined && hasPsql;
const title = isRunnable ? '' : `: skipped, ${lacking}`;

/** What docker-compose.yml runs on an empty volume. */
(isRunnable ? describe : describe.skip)(`deploy/postgres/roles.sh${title}`, () => {
  // Roles belong to the whole server, which other runs share.
  const suffix = randomBytes(4).toString('hex');
  const names = [`cart-${suffix}`, `mail-${suffix}`] as const;
  const opened: DatabaseHome[] = [];
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(postgresUrl ?? '');
    expect(await run()).toBe('done');
  });
  afterAll(async () => {
    for (const home of opened) await home.close();
    await database.drop();
    const owner = await open(postgresUrl ?? '');
    for (const name of names) await sql`drop role ${sql.id(name)}`.execute(owner.connect('public'));
    await owner.close();
  });

  async function run(): Promise<string> {
    const { hostname, port, username, password, pathname } = new URL(database.url);
    const env: Record<string, string> = {
      PATH: process.env.PATH ?? '',
      PGHOST: hostname,
      PGPORT: port || '5432',
      PGPASSWORD: password,
      POSTGRES_USER: username,
      POSTGRES_DB: pathname.slice(1),
      POSTGRES_PASSWORD: 'of the owner',
    };
    for (const name of names) {
      env[`POSTGRES_${name.toUpperCase().replace('-', '_')}_PASSWORD`] = "it's secret";
    }
    return new Promise((resolve) => {
      execFile(
        'bash',
        ['deploy/postgres/roles.sh'],
        { env, timeout: 60_000 },
        (error, out, err) => {
          resolve(`${error ? String(error.code) : 'done'} ${out}${err}`.trim());
        },
      );
    });
  }

  function open(url: string): Promise<DatabaseHome> {
    return openPostgres({ url, poolMax: 2, connectTimeoutMs: 5_000, statementTimeoutMs: 10_000 });
  }

  async function openAs(name: string): Promise<DatabaseHome> {
    const url = new URL(database.url);
    url.username = name;
    url.password = "it's secret";
    const home = await open(url.toString());
    opened.push(home);
    return home;
  }

  it('gives each subgraph its own schema, which it migrates and no other can read', async () => {
    const [cart, mail] = names;
    const home = await openAs(cart);
    expect(await migrate(home.connect(cart), cart, products.migrations)).not.toEqual([]);

    const other = (await openAs(mail)).connect(mail);
    await expect(
      sql`select * from ${sql.id(cart, 'products')}`.execute(other),
    ).rejects.toMatchObject({
      code: '42501',
    });
    await expect(sql`create schema another`.execute(other)).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('transfers what the database owner has created in the schema', async () => {
    const [, mail] = names;
    const owner = await open(database.url);
    await migrate(owner.connect(mail), mail, products.migrations);
    await owner.close();
    const role = (await openAs(mail)).connect(mail);
    await expect(migrate(role, mail, products.migrations)).rejects.toMatchObject({ code: '42501' });
    expect(await run()).toBe('done');
    expect(await migrate(role, mail, products.migrations)).toEqual([]);
    await sql`insert into ${sql.id(mail, 'products')} (sku, name, price_minor, stock, weight_grams)
      values ('LAMP-1', 'Lamp', 1, 1, 1)`.execute(role);
  });
});
