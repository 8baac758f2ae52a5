import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import { messageOf, StartupError } from '../../../common/errors.ts';

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

const fileName = /^\d{4}_[a-z0-9_]+\.sql$/;
const demonstrationData = 'demonstration-data';

/**
 * Applies the SQL files `NNNN_name.sql` of a folder to a database schema, in order, each once, in one transaction under
 * a lock, so that several processes may start at a time. The schema is made when it is missing, and is the search path
 * of the files. Throws StartupError MIGRATION_FAILED when a file fails or an applied one has changed.
 */
export async function migrate<T>(database: Kysely<T>, schema: string, folder: URL): Promise<void> {
  const migrations = await readMigrations(folder);
  await underLock(database, schema, async (transaction) => {
    const applied = await readApplied(transaction, schema);
    for (const migration of migrations) {
      const checksum = applied.get(migration.name);
      if (checksum === undefined) await apply(transaction, schema, migration);
      else if (checksum !== migration.checksum) throw changed(schema, migration);
    }
  });
}

/**
 * Puts demonstration data into a schema, once: a second call does nothing. `seed` runs in a transaction.
 */
export async function seedOnce<T>(
  database: Kysely<T>,
  schema: string,
  seed: (transaction: Transaction<T>) => Promise<void>,
): Promise<void> {
  await underLock(database, schema, async (transaction) => {
    const applied = await readApplied(transaction, schema);
    if (applied.has(demonstrationData)) return;
    await seed(transaction);
    await record(transaction, schema, demonstrationData, '');
  });
}

/** Whether a migrated schema holds demonstration data. */
export async function hasDemonstrationData<T>(
  database: Kysely<T>,
  schema: string,
): Promise<boolean> {
  return (await readApplied(database, schema)).has(demonstrationData);
}

async function underLock<T>(
  database: Kysely<T>,
  schema: string,
  work: (transaction: Transaction<T>) => Promise<void>,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`migrate ${schema}`}))`.execute(transaction);
    await sql`create schema if not exists ${sql.id(schema)}`.execute(transaction);
    await sql`create table if not exists ${sql.id(schema, 'migrations')} (
      name text primary key,
      checksum text not null,
      applied_at timestamptz(3) not null default now()
    )`.execute(transaction);
    await sql`set local search_path to ${sql.id(schema)}`.execute(transaction);
    await work(transaction);
  });
}

async function readMigrations(folder: URL): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      if (!fileName.test(name)) {
        throw new StartupError(
          'MIGRATION_FAILED',
          `The migration "${name}" is not named like 0001_what_it_does.sql.`,
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
      `The migration ${schema}/${name} failed: ${messageOf(error)}.`,
      'Nothing of it was kept. Correct the file, or the data it stumbles over, and start again.',
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
