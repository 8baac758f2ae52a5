import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import {
  hasDemonstrationData,
  migrate,
  pendingMigrations,
  removeDemonstrationData,
  seedOnce,
} from '../../subgraphs/kit/database/migrate.ts';
import { describeOnEachDatabase } from '../support/database.ts';

interface Tables {
  readonly things: { id: number; name: string };
}

const first = { '0001_things.sql': 'create table things (id int primary key, name text);' };
const second = {
  '0002_two_things.sql': `
    -- Two statements, one file.
    insert into things values (1, 'a;b');
    insert into things values (2, 'c');`,
};

describeOnEachDatabase('kit/migrating', (open) => {
  let home: DatabaseHome;
  let folder: string;
  let schema: string;
  let database: Kysely<Tables>;
  let schemas = 0;

  beforeAll(async () => {
    home = await open();
  });

  afterAll(async () => {
    await home.close();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    schemas += 1;
    schema = `test_${schemas}`;
    database = home.connect<Tables>(schema);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('applies the files of a folder in order, each once', async () => {
    await write({ ...second, ...first });
    await run();
    await run();
    expect(await names()).toEqual(['a;b', 'c']);
  });

  it('applies what came later', async () => {
    await write(first);
    await run();
    await write(second);
    await run();
    expect(await names()).toEqual(['a;b', 'c']);
  });

  it('applies each file once when several processes start at a time', async () => {
    await write({ ...first, ...second });
    await Promise.all(Array.from({ length: 5 }, run));
    expect(await names()).toEqual(['a;b', 'c']);
  });

  it('keeps the schemas of two subgraphs apart', async () => {
    await write(first);
    await run();
    const other = home.connect<Tables>(`${schema}_other`);
    await migrate(other, `${schema}_other`, folderUrl());
    await other.insertInto('things').values({ id: 1, name: 'other' }).execute();
    expect(await names()).toEqual([]);
  });

  it('keeps nothing when a file fails, and says which and why', async () => {
    await write({ ...first, '0002_wrong.sql': 'insert into things values (1); select 1/0;' });
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: `The migration ${schema}/0002_wrong.sql failed: division by zero.`,
      advice: expect.stringContaining('It was rolled back.'),
    });
    await expect(names()).rejects.toMatchObject({ code: '42P01' });
    await write({ '0002_wrong.sql': "insert into things values (1, 'right');" });
    await run();
    expect(await names()).toEqual(['right']);
  });

  it('refuses an applied file that has changed', async () => {
    await write(first);
    await run();
    await write({ '0001_things.sql': `${first['0001_things.sql']} ` });
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: `The migration ${schema}/0001_things.sql has changed since it was applied.`,
    });
  });

  it('refuses a file whose name gives no order', async () => {
    await write({ ...first, 'more.sql': 'select 1;' });
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: 'The migration "more.sql" does not have a name like 0001_what_it_does.sql.',
    });
  });

  it('puts demonstration data in once, and knows that it is there', async () => {
    await write(first);
    await run();
    expect(await hasDemonstrationData(database, schema)).toBe(false);
    await seed('demo');
    await seed('demo');
    expect(await names()).toEqual(['demo']);
    expect(await hasDemonstrationData(database, schema)).toBe(true);
  });

  it('writes demonstration data never beside what others wrote', async () => {
    await write(first);
    await run();
    await database.insertInto('things').values({ id: 7, name: 'real' }).execute();
    expect(await seed('demo')).toBe(false);
    expect(await names()).toEqual(['real']);
    expect(await hasDemonstrationData(database, schema)).toBe(false);
  });

  it('takes demonstration data out again, after a dry run that keeps it', async () => {
    await write(first);
    await run();
    await seed('demo');
    const remove = (dryRun: boolean): Promise<unknown> =>
      removeDemonstrationData(
        database,
        schema,
        (transaction) => transaction.deleteFrom('things').returning('name').execute(),
        { dryRun },
      );
    expect(await remove(true)).toEqual([{ name: 'demo' }]);
    expect(await names()).toEqual(['demo']);
    expect(await hasDemonstrationData(database, schema)).toBe(true);
    expect(await remove(false)).toEqual([{ name: 'demo' }]);
    expect(await names()).toEqual([]);
    expect(await hasDemonstrationData(database, schema)).toBe(false);
  });

  it('says what a run would apply, and changes nothing', async () => {
    await write({ ...first, ...second });
    const pending = (): Promise<readonly string[]> =>
      pendingMigrations(database, schema, folderUrl());
    expect(await pending()).toEqual(['0001_things.sql', '0002_two_things.sql']);
    expect(await hasDemonstrationData(database, schema)).toBe(false);
    await expect(names()).rejects.toMatchObject({ code: '42P01' });
    expect(await run()).toEqual(['0001_things.sql', '0002_two_things.sql']);
    expect(await pending()).toEqual([]);
    expect(await run()).toEqual([]);
    await write({ '0001_things.sql': 'select 1;' });
    await expect(pending()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
  });

  it('needs no right to create anything once the schema is there', async () => {
    await write(first);
    // Roles belong to the whole server, which other runs share.
    const role = `role_${randomBytes(6).toString('hex')}`;
    const asRole = async (work: () => Promise<unknown>): Promise<unknown> => {
      await sql`set role ${sql.id(role)}`.execute(database);
      return work().finally(() => sql`reset role`.execute(database));
    };
    await sql`create role ${sql.id(role)}`.execute(database);
    await expect(asRole(run)).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(
        /^The database schema "test_\d+" cannot be created: permission/,
      ),
      advice: expect.stringContaining('npm run migrate'),
    });
    await run();
    await sql`grant usage on schema ${sql.id(schema)} to ${sql.id(role)}`.execute(database);
    await sql`grant select on ${sql.id(schema, 'migrations')} to ${sql.id(role)}`.execute(database);
    expect(await asRole(run)).toEqual([]);
    await sql`drop owned by ${sql.id(role)}`.execute(database);
    await sql`drop role ${sql.id(role)}`.execute(database);
  });

  it('keeps no half of the demonstration data', async () => {
    await write(first);
    await run();
    const half = seedOnce(database, schema, async (transaction) => {
      await transaction.insertInto('things').values({ id: 1, name: 'half' }).execute();
      await sql`select 1/0`.execute(transaction);
    });
    await expect(half).rejects.toMatchObject({ code: '22012' });
    expect(await names()).toEqual([]);
    expect(await hasDemonstrationData(database, schema)).toBe(false);
  });

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  }

  function folderUrl(): URL {
    return pathToFileURL(`${folder}/`);
  }

  function run(): Promise<readonly string[]> {
    return migrate(database, schema, folderUrl());
  }

  function seed(name: string): Promise<boolean> {
    return seedOnce(database, schema, async (transaction) => {
      await transaction.insertInto('things').values({ id: 1, name }).execute();
    });
  }

  async function names(): Promise<readonly string[]> {
    const rows = await database.selectFrom('things').select('name').orderBy('id').execute();
    return rows.map(({ name }) => name);
  }
});
