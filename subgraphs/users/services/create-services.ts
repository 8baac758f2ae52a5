import { randomBytes } from 'node:crypto';
import type { ServiceDependencies } from '../../kit/define-subgraph.ts';
import { createAccountRepository } from '../data/account-repository.ts';
import { createAttemptRepository } from '../data/attempt-repository.ts';
import { createSessionRepository } from '../data/session-repository.ts';
import type { UsersTables } from '../data/tables.ts';
import { createUserRepository, type UserRepository } from '../data/user-repository.ts';
import { loadAccessTokenSettings } from '../load-settings.ts';
import { createAccessTokenIssuer } from './access-token-issuer.ts';
import { type AccessTokenKeys, readAccessTokenKeys } from './access-token-keys.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { developmentKey } from './development-key.ts';
import { createPasswordCheck } from './password-check.ts';
import { createPasswordHasher, type PasswordHasher } from './password-hasher.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** What lives as long as the process. */
export interface UsersServices {
  readonly users: UserRepository;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly publishedKeys: AccessTokenKeys['published'];
}

/** Creates the services. Throws StartupError for an invalid setting. */
export async function createServices(
  { database, environment, mode, dataDir, clock }: Omit<ServiceDependencies<UsersTables>, 'listen'>,
  makePasswordHasher: () => Promise<PasswordHasher> = createPasswordHasher,
): Promise<UsersServices> {
  const { issuer, audience, privateKeys } = loadAccessTokenSettings(environment, mode);
  const keys = readAccessTokenKeys(privateKeys ?? (await developmentKey(dataDir)));
  const users = createUserRepository(database);
  const sessions = createSessions({
    repository: createSessionRepository(database),
    issueAccessToken: createAccessTokenIssuer({ key: keys.signing, issuer, audience, clock }),
    randomBytes,
    clock,
  });
  const passwords = await makePasswordHasher();
  const attempts = createAttemptRepository(database);
  const accounts = createAccounts({
    users,
    repository: createAccountRepository(database),
    passwords,
    checkPassword: createPasswordCheck({ passwords, attempts, clock }),
    sessions,
    clock,
  });
  return { users, accounts, sessions, publishedKeys: keys.published };
}
