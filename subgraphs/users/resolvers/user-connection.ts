import { AppError } from '../../../common/errors.ts';
import {
  type Connection,
  type PageRequest,
  readCursorTime,
  readPage,
  toConnection,
} from '../../kit/connection.ts';
import { readId } from '../../kit/ids.ts';
import type { User } from '../domain/user.ts';
import type { QueryUsersArgs, RequireFields } from './types.generated.ts';

const order = 'newest';

/** The requested page of accounts, and where it starts. */
interface UserPage extends PageRequest {
  readonly position: { readonly createdAt: Date; readonly id: string } | undefined;
}

/** Reads the arguments of a field of accounts, newest first. Throws AppError BAD_USER_INPUT. */
export function readUserPage(args: RequireFields<QueryUsersArgs, 'first'>): UserPage {
  const page = readPage(args, order, 2);
  return { ...page, position: page.after && readPosition(page.after) };
}

/** Makes a page of the accounts that were found. */
export function toUserConnection(users: readonly User[], page: UserPage): Connection<User> {
  return toConnection(users, page, order, ({ createdAt, id }) => [createdAt.toISOString(), id]);
}

function readPosition([time = '', id = '']: readonly string[]): UserPage['position'] {
  const createdAt = readCursorTime(time);
  if (readId(id) === undefined) {
    throw new AppError('BAD_USER_INPUT', '"after" is not a cursor of this list.');
  }
  return { createdAt, id };
}
