import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { describe } from '@jest/globals';
import type { DatabaseHome, StatementObserver } from '../../subgraphs/kit/database/database.ts';
import { createPGliteHome } from '../../subgraphs/kit/database/pglite-home.ts';
import { openPostgres } from '../../subgraphs/kit/database/postgres-home.ts';
import { patienceMs } from './patience.ts';
import { createTestDatabase, postgresUrl } from './postgres.ts';
import { takePGlite } from './reused-pglite.ts';

/** Opens an empty database of a test's own; `close` removes it. */
export type OpenTestHome = (onStatement?: StatementObserver) => Promise<DatabaseHome>;

const cache = new URL('../../node_modules/.cache/supergraph/', import.meta.url);
const imageFile = new URL('pglite-0.5.16-silent.tar', cache);

/** An embedded database in memory. */
export const openTestHome: OpenTestHome = async (onStatement) =>
  createPGliteHome(
    await takePGlite(async () =>
      PGlite.create({ loadDataDir: new Blob([await readFile(await image())]) }),
    ),
    onStatement,
  );

/** Puts an empty embedded database into a data directory, so that a process that starts there need not make one. */
export async function layDatabase(dataDir: string): Promise<void> {
  const path = join(dataDir, 'pglite');
  await mkdir(path, { recursive: true, mode: 0o700 });
  await promisify(execFile)('tar', ['-xf', fileURLToPath(await image()), '-C', path]);
  await writeFile(join(path, 'postgresql.auto.conf'), '');
}

/** Runs the tests on the embedded database and, where TEST_DATABASE_URL names one, on a Postgres server. */
export function describeOnEachDatabase(
  name: string,
  tests: (open: OpenTestHome, database: { readonly isPostgres: boolean }) => void,
): void {
  describe(`${name} (PGlite)`, () => {
    tests(openTestHome, { isPostgres: false });
  });
  const server = postgresUrl;
  if (server) {
    describe(`${name} (Postgres)`, () => {
      tests((onStatement) => openTestDatabase(server, onStatement), { isPostgres: true });
    });
  } else {
    describe.skip(`${name} (Postgres): skipped, TEST_DATABASE_URL is not set`, () => {
      tests(openTestHome, { isPostgres: true });
    });
  }
}

/** A database of a test's own on the Postgres server that TEST_DATABASE_URL names. */
export const openPostgresHome: OpenTestHome = (onStatement) =>
  openTestDatabase(postgresUrl ?? '', onStatement);

/** An initialised database takes seconds to make: made once, kept beside the dependencies, not packed: that takes longer to read. */
async function image(): Promise<URL> {
  if (!existsSync(imageFile)) {
    const pglite = await PGlite.create();
    // The timer of these messages would keep alive the process of the tests.
    await pglite.exec('alter system set log_startup_progress_interval = 0');
    const content = await pglite.dumpDataDir('none');
    await pglite.close();
    await mkdir(cache, { recursive: true });
    const draft = new URL(`draft-${randomBytes(6).toString('hex')}`, cache);
    await writeFile(draft, Buffer.from(await content.arrayBuffer()));
    await rename(draft, imageFile);
  }
  return imageFile;
}

async function openTestDatabase(
  server: string,
  onStatement: StatementObserver | undefined,
): Promise<DatabaseHome> {
  const database = await createTestDatabase(server);
  const home = await openPostgres({
    url: database.url,
    poolMax: 10,
    connectTimeoutMs: patienceMs,
    statementTimeoutMs: 10_000,
    ...(onStatement && { onStatement }),
  });
  return {
    ...home,
    async close() {
      await home.close();
      await database.drop();
    },
  };
}
