import type { Kysely } from 'kysely';
import type { RefreshToken } from '../domain/refresh-token.ts';
import type { UsersTables } from './tables.ts';

/** A session before it is stored, with its first refresh token. */
export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly token: RefreshToken;
}

/** The maximum number of expired tokens, and of sessions without tokens, that one login or refresh removes. */
const removedAtOnce = 10;

/** Stores a session and its first refresh token. */
export async function insertSession(
  database: Kysely<UsersTables>,
  { id, userId, token }: NewSession,
): Promise<void> {
  await database
    .insertInto('sessions')
    .values({ id, user_id: userId, created_at: token.createdAt, expires_at: token.expiresAt })
    .execute();
  await insertRefreshToken(database, id, token);
}

/** Stores a refresh token of a session, by its hash. */
export async function insertRefreshToken(
  database: Kysely<UsersTables>,
  sessionId: string,
  { hash, createdAt, expiresAt }: RefreshToken,
): Promise<void> {
  await database
    .insertInto('refresh_tokens')
    .values({
      token_hash: hash,
      session_id: sessionId,
      created_at: createdAt,
      expires_at: expiresAt,
    })
    .execute();
}

/**
 * Removes a few expired tokens and sessions. Called whenever one is added: more are removed than added, so the tables
 * only have what is alive, and each call has little to do. Rows locked by another transaction are left for the next
 * call.
 */
export async function removeExpired(database: Kysely<UsersTables>, now: Date): Promise<void> {
  await database
    .deleteFrom('refresh_tokens')
    .where('token_hash', 'in', (eb) =>
      eb
        .selectFrom('refresh_tokens')
        .select('token_hash')
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(removedAtOnce)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
  await database
    .deleteFrom('sessions')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .select('id')
        .where('expires_at', '<=', now)
        .where((session) =>
          session.not(
            session.exists(
              session
                .selectFrom('refresh_tokens')
                .select('token_hash')
                .whereRef('refresh_tokens.session_id', '=', 'sessions.id'),
            ),
          ),
        )
        .orderBy('expires_at')
        .limit(removedAtOnce)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}
