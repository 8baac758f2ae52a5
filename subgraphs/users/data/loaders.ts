import type DataLoader from 'dataloader';
import { createRowLoader } from '../../kit/loaders.ts';
import type { User } from '../domain/user.ts';
import type { UserRepository } from './user-repository.ts';

/** The loaders of one request. */
export interface UsersLoaders {
  /** An account by its id; null when there is none, or when the id is invalid. */
  readonly userById: DataLoader<string, User | null>;
}

/** Creates the loaders of one request. */
export function createLoaders(users: UserRepository): UsersLoaders {
  return {
    userById: createRowLoader(
      (ids) => users.byIds(ids),
      ({ id }) => id,
    ),
  };
}
