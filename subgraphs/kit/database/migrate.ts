import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import { messageWithFullStop, StartupError } from '../../../common/errors.ts';

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

const fileName = /^\d{4}_[a-z0-9_]+\.sql$/;
const demonstrationData = 'demonstration-data';

/**
 * Applies the SQL files `NNNN_name.sql` of a folder, or of several one after the other, to a database schema, in order,
 * each once, in one transaction under a lock, so that several processes may start at the same time. The schema is created if it is missing, and is the
 * search path of the files. Returns the names of the applied files. Throws StartupError MIGRATION_FAILED when a file
 * fails, an applied one has changed, or the role lacks a privilege.
 */
export async function migrate<T>(
  database: Kysely<T>,
  schema: string,
  folders: URL | readonly URL[],
): Promise<readonly string[]> {
  const migrations = await readMigrations(folders);
  return underLock(database, schema, async (transaction) => {
    const pending = notIn(await readApplied(transaction, schema), migrations, schema);
    for (const migration of pending) await apply(transaction, schema, migration);
    return pending.map(({ name }) => name);
  });
}

/**
 * The names of the files that `migrate` would apply; changes nothing. Throws in the same way when an applied one has
 * changed.
 */
export async function pendingMigrations<T>(
  database: Kysely<T>,
  schema: string,
  folders: URL | readonly URL[],
): Promise<readonly string[]> {
  const migrations = await readMigrations(folders);
  const applied = (await hasMigrations(database, schema))
    ? await readApplied(database, schema)
    : new Map<string, string>();
  return notIn(applied, migrations, schema).map(({ name }) => name);
}

/**
 * Writes demonstration data to a schema, once, and only if all its tables are empty: never next to real data. `seed`
 * runs in a transaction. Returns whether the schema has demonstration data now.
 */
export async function seedOnce<T>(
  database: Kysely<T>,
  schema: string,
  seed: (transaction: Transaction<T>) => Promise<void>,
): Promise<boolean> {
  return underLock(database, schema, async (transaction) => {
    const applied = await readApplied(transaction, schema);
    if (applied.has(demonstrationData)) return true;
    if (await hasRows(transaction, schema)) return false;
    await seed(transaction);
    await record(transaction, schema, demonstrationData, '');
    return true;
  });
}

/** Whether a schema has demonstration data. */
export async function hasDemonstrationData<T>(
  database: Kysely<T>,
  schema: string,
): Promise<boolean> {
  if (!(await hasMigrations(database, schema))) return false;
  return (await readApplied(database, schema)).has(demonstrationData);
}

/**
 * Removes demonstration data from a schema, in one transaction with `unseed`; a dry run rolls it back. Returns the
 * result of `unseed`.
 */
export async function removeDemonstrationData<T, TResult>(
  database: Kysely<T>,
  schema: string,
  unseed: (transaction: Transaction<T>) => Promise<TResult>,
  { dryRun }: { readonly dryRun: boolean },
): Promise<TResult> {
  const removed: TResult[] = [];
  try {
    await underLock(database, schema, async (transaction) => {
      removed.push(await unseed(transaction));
      if (dryRun) throw rollback;
      await sql`delete from ${sql.id(schema, 'migrations')} where name = ${demonstrationData}`.execute(
        transaction,
      );
    });
  } catch (error) {
    if (error !== rollback) throw error;
  }
  return removed[0] as TResult;
}

const rollback = new Error('A dry run is rolled back.');

async function underLock<T, TResult>(
  database: Kysely<T>,
  schema: string,
  work: (transaction: Transaction<T>) => Promise<TResult>,
): Promise<TResult> {
  return database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`migrate ${schema}`}))`.execute(transaction);
    await prepareSchema(transaction, schema);
    await sql`set local search_path to ${sql.id(schema)}`.execute(transaction);
    return work(transaction);
  });
}

/**
 * A role that owns the schema, or only reads a migrated one, needs no right to create schemas: check whether it exists
 * first.
 */
async function prepareSchema<T>(transaction: Transaction<T>, schema: string): Promise<void> {
  if (await hasMigrations(transaction, schema)) return;
  try {
    const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(
      transaction,
    );
    if (rows.length === 0) await sql`create schema ${sql.id(schema)}`.execute(transaction);
    await sql`create table ${sql.id(schema, 'migrations')} (
      name text primary key,
      checksum text not null,
      applied_at timestamptz(3) not null default now()
    )`.execute(transaction);
  } catch (error) {
    throw new StartupError(
      'MIGRATION_FAILED',
      `The database schema "${schema}" cannot be created: ${messageWithFullStop(error)}`,
      `Let the role of DATABASE_URL create it (grant create on database … to …), or run npm run migrate with a role that has this right.`,
      { cause: error },
    );
  }
}

async function hasMigrations<T>(database: Kysely<T>, schema: string): Promise<boolean> {
  return (await tablesOf(database, schema)).includes('migrations');
}

async function hasRows<T>(database: Kysely<T>, schema: string): Promise<boolean> {
  for (const table of await tablesOf(database, schema)) {
    if (table === 'migrations') continue;
    const { rows } = await sql`select 1 from ${sql.id(schema, table)} limit 1`.execute(database);
    if (rows.length > 0) return true;
  }
  return false;
}

async function tablesOf<T>(database: Kysely<T>, schema: string): Promise<readonly string[]> {
  const { rows } = await sql<{ tablename: string }>`
    select tablename from pg_tables where schemaname = ${schema}`.execute(database);
  return rows.map(({ tablename }) => tablename);
}

/** The migrations that are not applied. Throws when an applied one has changed. */
function notIn(
  applied: ReadonlyMap<string, string>,
  migrations: readonly Migration[],
  schema: string,
): readonly Migration[] {
  return migrations.filter((migration) => {
    const checksum = applied.get(migration.name);
    if (checksum !== undefined && checksum !== migration.checksum) throw changed(schema, migration);
    return checksum === undefined;
  });
}

async function readMigrations(folders: URL | readonly URL[]): Promise<readonly Migration[]> {
  const each = folders instanceof URL ? [folders] : folders;
  return (await Promise.all(each.map(readFolder))).flat();
}

async function readFolder(folder: URL): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      if (!fileName.test(name)) {
        throw new StartupError(
          'MIGRATION_FAILED',
          `The migration "${name}" does not have a name like 0001_what_it_does.sql.`,
          'Rename it; the number gives the order.',
        );
      }
      const text = await readFile(new URL(name, folder), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function readApplied<T>(
  database: Kysely<T>,
  schema: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ name: string; checksum: string }>`
    select name, checksum from ${sql.id(schema, 'migrations')}`.execute(database);
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

async function apply<T>(
  transaction: Transaction<T>,
  schema: string,
  { name, text, checksum }: Migration,
): Promise<void> {
  try {
    await sql.raw(text).execute(transaction);
  } catch (error) {
    throw new StartupError(
      'MIGRATION_FAILED',
      `The migration ${schema}/${name} failed: ${messageWithFullStop(error)}`,
      'It was rolled back. Correct the file, or the data it fails on, and start again.',
      { cause: error },
    );
  }
  await record(transaction, schema, name, checksum);
}

async function record<T>(
  transaction: Transaction<T>,
  schema: string,
  name: string,
  checksum: string,
): Promise<void> {
  await sql`insert into ${sql.id(schema, 'migrations')} (name, checksum)
    values (${name}, ${checksum})`.execute(transaction);
}

function changed(schema: string, { name }: Migration): StartupError {
  return new StartupError(
    'MIGRATION_FAILED',
    `The migration ${schema}/${name} has changed since it was applied.`,
    'Restore the file, and put the change into a new migration with the next number.',
  );
}
