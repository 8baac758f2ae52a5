import type { Kysely } from 'kysely';
import { isUniqueViolation } from '../../kit/database/unique-violation.ts';
import type { User } from '../domain/user.ts';
import { insertSession, type NewSession } from './session-rows.ts';
import type { UsersTables } from './tables.ts';
import { toUser, userColumns } from './user-row.ts';

/** An account before it is stored. */
export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly createdAt: Date;
}

/** A change of password: made only where the account still has the old hash. */
export interface PasswordChange {
  readonly userId: string;
  readonly oldHash: string;
  readonly newHash: string;
  readonly changedAt: Date;
}

/** An account that was opened, and its first session. */
export interface NewAccount {
  readonly user: User;
  readonly session: NewSession;
}

/** The first session of the account with an id, which the database gives. */
export type SessionFor = (userId: string) => NewSession;

/** Changes that concern an account and its sessions: made together or not at all. */
export interface AccountRepository {
  /** Opens a customer's account and its first session; `undefined` when the e-mail address has an account. */
  signUp(user: NewUser, sessionFor: SessionFor): Promise<NewAccount | undefined>;
  /**
   * Changes the password, ends all sessions and opens a new one; `undefined`, and nothing done, when the password was
   * changed meanwhile.
   */
  changePassword(change: PasswordChange, session: NewSession): Promise<User | undefined>;
}

/** The accounts and sessions in a database. */
export function createAccountRepository(database: Kysely<UsersTables>): AccountRepository {
  return {
    async signUp({ email, name, passwordHash, createdAt }, sessionFor) {
      try {
        return await database.transaction().execute(async (transaction) => {
          const row = await transaction
            .insertInto('users')
            .values({
              email,
              name,
              role: 'customer',
              password_hash: passwordHash,
              created_at: createdAt,
            })
            .returning(userColumns)
            .executeTakeFirstOrThrow();
          const session = sessionFor(row.id);
          await insertSession(transaction, session);
          return { user: toUser(row), session };
        });
      } catch (error) {
        // The index decides, not a look beforehand: of two who take an address at a time, one gets it.
        if (isUniqueViolation(error, 'users_email')) return undefined;
        throw error;
      }
    },

    changePassword({ userId, oldHash, newHash, changedAt }, session) {
      return database.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('users')
          .set({ password_hash: newHash })
          .where('id', '=', userId)
          .where('password_hash', '=', oldHash)
          .returning(userColumns)
          .executeTakeFirst();
        if (!row) return undefined;
        await transaction
          .updateTable('sessions')
          .set({ ended_at: changedAt })
          .where('user_id', '=', userId)
          .where('ended_at', 'is', null)
          .execute();
        await insertSession(transaction, session);
        return toUser(row);
      });
    },
  };
}
