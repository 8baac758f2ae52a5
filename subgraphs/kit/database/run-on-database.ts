import { createLogger } from '../../../common/logger.ts';
import { describeFailure } from '../../../common/process.ts';
import type { Environment } from '../../../common/settings.ts';
import { loadDatabaseSettings } from '../load-settings.ts';
import type { DatabaseHome } from './database.ts';
import { openHome } from './open-home.ts';

/** A migration may rewrite a large table: a command waits longer for a statement than a request does. */
const statementTimeoutMs = 600_000;

/**
 * Runs a command on the database that the environment names, and gives the exit code that `act` gives; 1 when it fails,
 * with the reason on the standard error output.
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
