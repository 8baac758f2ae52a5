import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { messageOf, StartupError } from '../../../common/errors.ts';
import { createSemaphore } from '../../../common/semaphore.ts';
import { type DataDirectory, takeDataDirectory } from './data-directory.ts';
import type { DatabaseHome, StatementObserver } from './database.ts';
import { createPGliteDialect, type EmbeddedDatabase } from './pglite-dialect.ts';
import { makeContentPrivate, makePrivateDirectory } from './private-files.ts';
import { connectSchema } from './schema-connection.ts';

/** Options of an embedded database. */
export interface PGliteHomeOptions {
  /** Called once when a database has to be created, which takes a few seconds. */
  readonly onInitialise?: () => void;
  /**
   * Awaited when this process holds the directory, before a database is opened or created. If it throws, the start
   * fails.
   */
  readonly beforeOpening?: () => Promise<void>;
  readonly onStatement?: StatementObserver;
}

/**
 * Opens the embedded database in a directory, which is locked until `close`. Throws StartupError when another process
 * uses the directory or the database in it cannot be opened.
 */
export async function openPGliteDirectory(
  dataDir: string,
  { beforeOpening, onInitialise, onStatement }: PGliteHomeOptions = {},
): Promise<DatabaseHome> {
  const directory = await takeDataDirectory(dataDir);
  try {
    await beforeOpening?.();
    const path = join(directory.path, 'pglite');
    if (!existsSync(join(path, 'PG_VERSION'))) onInitialise?.();
    const pglite = await openDatabase(path);
    makeContentPrivate(path);
    return createPGliteHome(pglite, onStatement, directory);
  } catch (error) {
    await directory.release();
    throw error;
  }
}

/** A home for an open embedded database, which is closed with it; `directory` is its directory, if it has one. */
export function createPGliteHome(
  pglite: EmbeddedDatabase,
  onStatement: StatementObserver | undefined,
  directory?: DataDirectory,
): DatabaseHome {
  const session = createSemaphore({
    name: 'the embedded database',
    places: 1,
    maxWaiting: 1_000,
    maxWaitMs: 10_000,
  });
  const dialect = createPGliteDialect(pglite, session);
  const alone = async <T>(run: () => Promise<T>): Promise<T> => {
    const release = await session.acquire();
    try {
      return await run();
    } finally {
      release();
    }
  };
  return {
    connect: (schema) => connectSchema(dialect, schema, onStatement),
    listen: async (channel, sink) => {
      const end = await alone(() =>
        pglite.listen(channel, (payload) => {
          sink.onNotified(payload);
        }),
      );
      return { close: () => alone(end) };
    },
    isSingleSession: true,
    ask: () =>
      alone(async () => {
        await pglite.query('select 1');
      }),
    waitsFor: () => ['the embedded database'],
    async close() {
      // Waits for the only place: the current holder of the session finishes first.
      const release = await session.acquire();
      await pglite.close();
      release();
      if (directory) makeContentPrivate(join(directory.path, 'pglite'));
      await directory?.release();
    },
  };
}

async function openDatabase(path: string): Promise<PGlite> {
  try {
    // PGlite's files are world-readable; the directory prevents access to them.
    makePrivateDirectory(path);
    const pglite = await PGlite.create({ dataDir: path });
    await pglite.query('select 1');
    return pglite;
  } catch (error) {
    throw new StartupError(
      'DATA_DIRECTORY_DAMAGED',
      `The database in ${path} cannot be opened: ${reasonOf(error)}.`,
      `Restore a backup, or start with an empty database: move ${path} away and start again.`,
      { cause: error },
    );
  }
}

/** PGlite aborts with an internal message when it cannot read its files. */
function reasonOf(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n', 1);
  if (line.startsWith('Aborted()')) return 'its files are damaged';
  return line.endsWith('.') ? line.slice(0, -1) : line;
}
