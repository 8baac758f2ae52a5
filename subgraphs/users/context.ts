import type { SubgraphContext } from '../kit/define-subgraph.ts';
import { createLoaders, type UsersLoaders } from './data/loaders.ts';
import type { UserRepository } from './data/user-repository.ts';
import type { Accounts } from './services/accounts.ts';
import type { UsersServices } from './services/create-services.ts';
import type { Sessions } from './services/sessions.ts';

/** What a resolver of this subgraph gets. */
export interface UsersContext extends SubgraphContext, UsersLoaders {
  readonly users: UserRepository;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
}

/** Makes the context of one request. */
export function createContext(
  request: SubgraphContext,
  { users, accounts, sessions }: UsersServices,
): UsersContext {
  return { ...request, ...createLoaders(users), users, accounts, sessions };
}
