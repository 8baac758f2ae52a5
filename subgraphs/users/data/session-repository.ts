import type { Kysely } from 'kysely';
import type { RefreshToken } from '../domain/refresh-token.ts';
import type { User } from '../domain/user.ts';
import {
  insertRefreshToken,
  insertSession,
  type NewSession,
  removeExpired,
} from './session-rows.ts';
import type { UsersTables } from './tables.ts';
import { toUser, userColumns } from './user-row.ts';

/** Sessions: started by a login, continued by refresh tokens, ended by a logout or a stolen token. */
export interface SessionRepository {
  /**
   * Starts a session for a user who has proved to know the password with this hash; false, and no session, when the
   * password has been changed since.
   */
  open(session: NewSession, provenPasswordHash: string): Promise<boolean>;
  /**
   * Exchanges a refresh token, given by its hash, for the next one of its session. `undefined` when it is unknown or
   * expired, or when its session has ended. A reused token ends its session: one of its two holders is a thief. Of
   * concurrent attempts, one succeeds.
   */
  rotate(hash: Uint8Array, next: RefreshToken): Promise<Rotated | Reused | undefined>;
  /** Ends a session of a user; false when it was not theirs or had already ended. */
  end(sessionId: string, userId: string, at: Date): Promise<boolean>;
}

/** A refresh token was used a second time. */
export interface Reused {
  /** The session that this has ended. */
  readonly endedSession: string;
}

/** The owner of a refreshed session. */
export interface Rotated {
  readonly sessionId: string;
  readonly user: User;
}

/** The sessions in a database. */
export function createSessionRepository(database: Kysely<UsersTables>): SessionRepository {
  return {
    open(session, provenPasswordHash) {
      return database.transaction().execute(async (transaction) => {
        // A shared lock: compatible with other logins, but not with a change of the password, which ends the existing
        // sessions.
        const user = await transaction
          .selectFrom('users')
          .select('id')
          .where('id', '=', session.userId)
          .where('password_hash', '=', provenPasswordHash)
          .forShare()
          .executeTakeFirst();
        if (!user) return false;
        await insertSession(transaction, session);
        await removeExpired(transaction, session.token.createdAt);
        return true;
      });
    },

    rotate(hash, next) {
      const now = next.createdAt;
      return database.transaction().execute(async (transaction) => {
        const sessionId = await useToken(transaction, hash, now);
        if (sessionId === undefined) {
          const endedSession = await endSessionOfUsedToken(transaction, hash, now);
          return endedSession === undefined ? undefined : { endedSession };
        }
        const user = await extendSession(transaction, sessionId, next.expiresAt);
        if (!user) return undefined;
        await insertRefreshToken(transaction, sessionId, next);
        await removeExpired(transaction, now);
        return { sessionId, user };
      });
    },

    async end(sessionId, userId, at) {
      const row = await database
        .updateTable('sessions')
        .set({ ended_at: at })
        .where('id', '=', sessionId)
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/** Marks an unused token as used. Of concurrent attempts the database lets one succeed; the others find it used. */
async function useToken(
  database: Kysely<UsersTables>,
  hash: Uint8Array,
  now: Date,
): Promise<string | undefined> {
  const row = await database
    .updateTable('refresh_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('session_id')
    .executeTakeFirst();
  return row?.session_id;
}

async function endSessionOfUsedToken(
  database: Kysely<UsersTables>,
  hash: Uint8Array,
  now: Date,
): Promise<string | undefined> {
  const row = await database
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('ended_at', 'is', null)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('refresh_tokens')
        .select('session_id')
        .where('token_hash', '=', hash)
        .where('used_at', 'is not', null),
    )
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Extends a session unless it has ended; returns its user. */
async function extendSession(
  database: Kysely<UsersTables>,
  sessionId: string,
  expiresAt: Date,
): Promise<User | undefined> {
  const session = await database
    .updateTable('sessions')
    .set({ expires_at: expiresAt })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .returning('user_id')
    .executeTakeFirst();
  if (!session) return undefined;
  const row = await database
    .selectFrom('users')
    .select(userColumns)
    .where('id', '=', session.user_id)
    .executeTakeFirstOrThrow();
  return toUser(row);
}
