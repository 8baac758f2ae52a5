import {
  endedSessionsExtension,
  endedSessionsMax,
  type OnSessionsEnded,
} from '../../common/ended-sessions.ts';
import { newAccessTokenExtension } from '../../common/new-session.ts';
import type { Viewer } from '../../common/viewer.ts';
import type { SubgraphContext } from '../kit/define-subgraph.ts';
import { createLoaders, type UsersLoaders } from './data/loaders.ts';
import type { UserRepository } from './data/user-repository.ts';
import type { Session } from './domain/session.ts';
import type { Accounts } from './services/accounts.ts';
import type { UsersServices } from './services/create-services.ts';
import type { Sessions } from './services/sessions.ts';

/** The context of resolvers in this subgraph. */
export interface UsersContext extends SubgraphContext, UsersLoaders {
  /** Changes with a login. */
  viewer: Viewer;
  readonly users: UserRepository;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
}

/**
 * From here on the request runs as the account that has just logged in, in every service: the payload of a login
 * includes the account's private fields.
 */
export function continueAs(session: Session, context: UsersContext): Session {
  context.viewer = session.viewer;
  context.extensions[newAccessTokenExtension] = session.accessToken;
  return session;
}

/** Tells the gateway which sessions a request has ended: the first ones, where there are more than it reads. */
export function tellEnded(context: Pick<UsersContext, 'extensions'>): OnSessionsEnded {
  return (sessionIds) => {
    context.extensions[endedSessionsExtension] = sessionIds.slice(0, endedSessionsMax);
  };
}

/** Creates the context of one request. */
export function createContext(
  request: SubgraphContext,
  { users, accounts, sessions }: UsersServices,
): UsersContext {
  return { ...request, ...createLoaders(users), users, accounts, sessions };
}
