import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { describe } from '@jest/globals';
import type { DatabaseHome, StatementObserver } from '../../subgraphs/kit/database/database.ts';
import { openPGliteInMemory } from '../../subgraphs/kit/database/pglite-home.ts';
import { openPostgres } from '../../subgraphs/kit/database/postgres-home.ts';
import { createTestDatabase, postgresUrl } from './postgres.ts';

/** Opens an empty database of a test's own; `close` removes it. */
export type OpenTestHome = (onStatement?: StatementObserver) => Promise<DatabaseHome>;

const cache = new URL('../../node_modules/.cache/supergraph/', import.meta.url);
const imageFile = new URL('pglite-0.5.16.tar.gz', cache);

/** An embedded database in memory. */
export const openTestHome: OpenTestHome = async (onStatement) =>
  openPGliteInMemory(await loadImage(), onStatement);

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

/** An initialised database takes seconds to make and half a second to load: made once, kept beside the dependencies. */
async function loadImage(): Promise<Blob> {
  if (!existsSync(imageFile)) {
    const pglite = await PGlite.create();
    const image = await pglite.dumpDataDir('gzip');
    await pglite.close();
    await mkdir(cache, { recursive: true });
    const draft = new URL(`draft-${randomBytes(6).toString('hex')}`, cache);
    await writeFile(draft, Buffer.from(await image.arrayBuffer()));
    await rename(draft, imageFile);
  }
  return new Blob([await readFile(imageFile)]);
}

async function openTestDatabase(
  server: string,
  onStatement: StatementObserver | undefined,
): Promise<DatabaseHome> {
  const database = await createTestDatabase(server);
  const home = await openPostgres({
    url: database.url,
    poolMax: 10,
    connectTimeoutMs: 5_000,
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
