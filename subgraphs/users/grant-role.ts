import { createLogger } from '../../common/logger.ts';
import { describeFailure } from '../../common/process.ts';
import { isRole } from '../../common/viewer.ts';
import { migrate } from '../kit/database/migrate.ts';
import { openHome } from '../kit/database/open-home.ts';
import { loadDatabaseSettings, processEnvironment } from '../kit/load-settings.ts';
import type { UsersTables } from './data/tables.ts';
import { createUserRepository } from './data/user-repository.ts';
import { readEmail } from './domain/email.ts';
import { users } from './subgraph.ts';

const usage = `Gives an account a role: the way to the first admin.

Usage: npm run users:role -- EMAIL ROLE

  EMAIL  the address the account logs in with
  ROLE   customer or admin

Works on the database that DATABASE_URL or DATA_DIR names; the embedded one must not be in use by a running service.
Exit code: 0 done, 1 it could not be done, 2 wrong usage.`;

process.exitCode = await run(process.argv.slice(2));

/** Changes the role; the person has it with their next access token, which is at most 15 minutes away. */
async function run(args: readonly string[]): Promise<number> {
  const [address = '', role] = args;
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const email = readEmail(address);
  if (email === undefined || !isRole(role) || args.length !== 2) {
    console.error(usage);
    return 2;
  }
  try {
    const home = await openHome(
      loadDatabaseSettings(processEnvironment),
      createLogger('users', 'warn'),
    );
    try {
      const database = home.connect<UsersTables>(users.name);
      await migrate(database, users.name, users.migrations);
      const user = await createUserRepository(database).changeRole(email, role);
      if (!user) {
        console.error(`There is no account of ${email}: sign up first.`);
        return 1;
      }
      console.log(`${user.name} <${email}> is ${role} now, with the next access token.`);
      return 0;
    } finally {
      await home.close();
    }
  } catch (error) {
    console.error(describeFailure(error));
    return 1;
  }
}
