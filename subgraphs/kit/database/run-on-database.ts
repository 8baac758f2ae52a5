import { createLogger } from '../../../common/logger.ts';
import { describeFailure } from '../../../common/process.ts';
import type { Environment } from '../../../common/settings.ts';
import { loadDatabaseSettings } from '../load-settings.ts';
import type { DatabaseHome } from './database.ts';
import { openHome } from './open-home.ts';

/** A migration may rewrite a large table, so a command allows a statement more time than a request does. */
const statementTimeoutMs = 600_000;

/**
 * Runs a command on the database in the environment, and returns the exit code from `act`; 1 when it fails, with the
 * reason on standard error.
 */
export async function runOnDatabase(
  environment: Environment,
  act: (home: DatabaseHome) => Promise<number>,
): Promise<number> {
  try {
    const settings = { ...loadDatabaseSettings(environment), statementTimeoutMs };
    const home = await openHome(settings, createLogger('database', 'warn'));
    try {
      return await act(home);
    } finally {
      await home.close();
    }
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    return 1;
  }
}
