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

/** A change of password: only made if the account still has the old hash. */
export interface PasswordChange {
  readonly userId: string;
  readonly oldHash: string;
  readonly newHash: string;
  readonly changedAt: Date;
}

/** A new account and its first session. */
export interface NewAccount {
  readonly user: User;
  readonly session: NewSession;
}

/** What a change of the password has led to. */
export interface ChangedPassword {
  readonly user: User;
  /** The sessions it has ended, those continued last first. */
  readonly endedSessions: readonly string[];
}

/** The first session of the account with this id, which the database assigns. */
export type SessionFor = (userId: string) => NewSession;

/** Changes that concern an account and its sessions: all or nothing. */
export interface AccountRepository {
  /** Creates a customer's account and its first session; `undefined` when the e-mail address already has an account. */
  signUp(user: NewUser, sessionFor: SessionFor): Promise<NewAccount | undefined>;
  /**
   * Changes the password, ends all sessions and starts a new one; `undefined`, and no change, when the password has
   * been changed concurrently.
   */
  changePassword(change: PasswordChange, session: NewSession): Promise<ChangedPassword | undefined>;
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
        // The index decides, not a query beforehand: of two concurrent sign-ups with the same address, one succeeds.
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
        const ended = await transaction
          .updateTable('sessions')
          .set({ ended_at: changedAt })
          .where('user_id', '=', userId)
          .where('ended_at', 'is', null)
          .returning(['id', 'expires_at'])
          .execute();
        ended.sort((one, other) => other.expires_at.getTime() - one.expires_at.getTime());
        await insertSession(transaction, session);
        return { user: toUser(row), endedSessions: ended.map(({ id }) => id) };
      });
    },
  };
}
