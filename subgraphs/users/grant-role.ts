import { runCommand } from '../../common/command-line.ts';
import { isRole, type Role } from '../../common/viewer.ts';
import { migrate } from '../kit/database/migrate.ts';
import { runOnDatabase } from '../kit/database/run-on-database.ts';
import { processEnvironment } from '../kit/load-settings.ts';
import type { UsersTables } from './data/tables.ts';
import { createUserRepository } from './data/user-repository.ts';
import { readEmail } from './domain/email.ts';
import { users } from './subgraph.ts';

const usage = `Gives an account a role. This creates the first admin.

Usage: npm run users:role -- EMAIL ROLE
       node subgraphs/users/grant-role.js EMAIL ROLE   (in the image, which has no npm)

  EMAIL  the address the account logs in with
  ROLE   customer or admin

Works on the database in DATABASE_URL or DATA_DIR; an embedded one must not be in use by a running service.
Exit code: 0 success, 1 failure, 2 wrong usage.`;

interface Options {
  readonly help: boolean;
  readonly email: string;
  readonly role: Role;
}

process.exitCode = await runCommand(usage, () => readOptions(process.argv.slice(2)), grant);

/** Changes the role; the user gets it with their next access token, within 15 minutes. */
function grant({ email, role }: Options): Promise<number> {
  return runOnDatabase(processEnvironment, async (home) => {
    const database = home.connect<UsersTables>(users.name);
    await migrate(database, users.name, users.migrations);
    const user = await createUserRepository(database).changeRole(email, role);
    if (!user) {
      process.stderr.write(`There is no account with the address ${email}: sign up first.\n`);
      return 1;
    }
    process.stdout.write(
      `${user.name} <${email}> is now ${role}, starting with the next access token.\n`,
    );
    return 0;
  });
}

function readOptions(args: readonly string[]): Options {
  const [address = '', role = ''] = args;
  if (args.includes('--help')) return { help: true, email: '', role: 'customer' };
  const email = readEmail(address);
  if (args.length !== 2)
    throw new Error('Expected an e-mail address and a role, and nothing else.');
  if (email === undefined) throw new Error(`"${address}" is not an e-mail address.`);
  if (!isRole(role)) throw new Error(`"${role}" is not a role; expected customer or admin.`);
  return { help: false, email, role };
}
