import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../common/clock.ts';
import type { OnSessionsEnded } from '../../../common/ended-sessions.ts';
import type { SessionRepository } from '../data/session-repository.ts';
import type { NewSession } from '../data/session-rows.ts';
import { accessTokenLifetimeSeconds, scopesOf } from '../domain/access-claims.ts';
import { done, type Outcome, problem, refused } from '../domain/outcome.ts';
import {
  createRefreshToken,
  readRefreshToken,
  type RefreshToken,
  refreshTokenBytes,
} from '../domain/refresh-token.ts';
import { readSessionId, type Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import type { AccessTokenIssuer } from './access-token-issuer.ts';

/** How sessions start, continue and end. */
export interface Sessions {
  /** A session of a user, not stored yet. */
  draft(userId: string): NewSession;
  /** What the user receives of a stored session. */
  present(session: NewSession, user: User): Session;
  /** Starts a session for a user who knows the password with that hash; `undefined` when it has been changed since. */
  open(user: User, provenPasswordHash: string): Promise<Session | undefined>;
  /** Exchanges a refresh token for new tokens of the same session; a token that was used before ends it. */
  refresh(refreshToken: string, onEnded?: OnSessionsEnded): Promise<Outcome<Session>>;
  /** Ends a session of a user; false when there was none. */
  end(sessionId: string, userId: string): Promise<boolean>;
}

/** The dependencies of sessions. */
export interface SessionsDependencies {
  readonly repository: SessionRepository;
  readonly issueAccessToken: AccessTokenIssuer;
  /** Returns this many unguessable bytes. */
  readonly randomBytes: (size: number) => Uint8Array;
  readonly clock: Clock;
}

/** The sessions in a repository. */
export function createSessions({
  repository,
  issueAccessToken,
  randomBytes,
  clock,
}: SessionsDependencies): Sessions {
  const newToken = (): RefreshToken =>
    createRefreshToken(randomBytes(refreshTokenBytes), new Date(clock.now()));

  const toSession = (id: string, token: RefreshToken, user: User): Session => ({
    accessToken: issueAccessToken(user, id),
    refreshToken: token.text,
    expiresIn: accessTokenLifetimeSeconds,
    user,
    viewer: {
      kind: 'user',
      id: user.id,
      role: user.role,
      scopes: scopesOf(user.role),
      sessionId: id,
    },
  });

  const draft = (userId: string): NewSession => ({ id: randomUUID(), userId, token: newToken() });
  const present = ({ id, token }: NewSession, user: User): Session => toSession(id, token, user);

  return {
    draft,
    present,

    async open(user, provenPasswordHash) {
      const session = draft(user.id);
      return (await repository.open(session, provenPasswordHash))
        ? present(session, user)
        : undefined;
    },

    async refresh(refreshToken, onEnded) {
      const hash = readRefreshToken(refreshToken);
      const next = newToken();
      const rotated = hash && (await repository.rotate(hash, next));
      if (rotated && 'user' in rotated)
        return done(toSession(rotated.sessionId, next, rotated.user));
      if (rotated) onEnded?.([rotated.endedSession]);
      return refused(problem('INVALID_REFRESH_TOKEN', 'refreshToken'));
    },

    async end(sessionId, userId) {
      const id = readSessionId(sessionId);
      return id !== undefined && (await repository.end(id, userId, new Date(clock.now())));
    },
  };
}
