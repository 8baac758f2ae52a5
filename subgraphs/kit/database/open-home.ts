import type { Logger } from '../../../common/logger.ts';
import type { DatabaseSettings } from '../load-settings.ts';
import type { DatabaseHome } from './database.ts';
import { openPGliteDirectory, type PGliteHomeOptions } from './pglite-home.ts';
import { openPostgres } from './postgres-home.ts';

/** Opens the database in the settings: a Postgres server, or else the embedded one in the data directory. */
export async function openHome(
  settings: DatabaseSettings,
  log: Logger,
  options: PGliteHomeOptions = {},
): Promise<DatabaseHome> {
  if (settings.databaseUrl === undefined) {
    return openPGliteDirectory(settings.dataDir, {
      onInitialise: () => {
        log.info(
          { dataDir: settings.dataDir },
          'creating an embedded database, which takes a few seconds',
        );
      },
      ...options,
    });
  }
  await options.beforeOpening?.();
  return openPostgres({
    url: settings.databaseUrl,
    poolMax: settings.poolMax,
    connectTimeoutMs: settings.connectTimeoutMs,
    statementTimeoutMs: settings.statementTimeoutMs,
    onConnectionLost: (error) => {
      log.warn({ err: error }, 'a database connection broke');
    },
    ...(options.onStatement && { onStatement: options.onStatement }),
  });
}
