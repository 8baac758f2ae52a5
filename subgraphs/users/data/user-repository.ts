import type { Kysely } from 'kysely';
import type { Role } from '../../../common/viewer.ts';
import { readIds } from '../../kit/ids.ts';
import type { User } from '../domain/user.ts';
import type { UsersTables } from './tables.ts';
import { toUser, userColumns } from './user-row.ts';

/** An account with the hash to check its password against. */
export interface Credentials {
  readonly user: User;
  readonly passwordHash: string;
}

/** The position of an account in the list, newest first. */
export interface UserPosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** Accounts, one by one and in pages. */
export interface UserRepository {
  /** The existing accounts among the ids, in any order; at most one statement. */
  byIds(ids: readonly string[]): Promise<readonly User[]>;
  /** At most `count` accounts, newest first, after a position. */
  newestFirst(count: number, after: UserPosition | undefined): Promise<readonly User[]>;
  credentialsByEmail(email: string): Promise<Credentials | undefined>;
  credentialsById(id: string): Promise<Credentials | undefined>;
  /** The account with its new name; `undefined` when it does not exist. */
  rename(id: string, name: string): Promise<User | undefined>;
  /** The account with that e-mail address, with its new role; `undefined` when it does not exist. */
  changeRole(email: string, role: Role): Promise<User | undefined>;
}

/** The accounts in a database. */
export function createUserRepository(database: Kysely<UsersTables>): UserRepository {
  const select = () => database.selectFrom('users').select(userColumns);
  const selectCredentials = () => select().select('password_hash');

  return {
    async byIds(ids) {
      const possible = readIds(ids);
      if (possible.length === 0) return [];
      const rows = await select().where('id', 'in', possible).execute();
      return rows.map(toUser);
    },

    async newestFirst(count, after) {
      let query = select().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(count);
      if (after) {
        query = query.where((eb) =>
          eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.createdAt, after.id)),
        );
      }
      const rows = await query.execute();
      return rows.map(toUser);
    },

    async credentialsByEmail(email) {
      const row = await selectCredentials()
        .where(({ eb, fn }) => eb(fn<string>('lower', ['email']), '=', email))
        .executeTakeFirst();
      return row && { user: toUser(row), passwordHash: row.password_hash };
    },

    async credentialsById(id) {
      const row = await selectCredentials().where('id', '=', id).executeTakeFirst();
      return row && { user: toUser(row), passwordHash: row.password_hash };
    },

    async rename(id, name) {
      const row = await database
        .updateTable('users')
        .set({ name })
        .where('id', '=', id)
        .returning(userColumns)
        .executeTakeFirst();
      return row && toUser(row);
    },

    async changeRole(email, role) {
      const row = await database
        .updateTable('users')
        .set({ role })
        .where(({ eb, fn }) => eb(fn<string>('lower', ['email']), '=', email))
        .returning(userColumns)
        .executeTakeFirst();
      return row && toUser(row);
    },
  };
}
