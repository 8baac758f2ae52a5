/**
 * The member of a response's `extensions` in which a subgraph returns the ids of sessions that its mutation has ended
 * (OpenID Connect `sid`). The gateway then ends their subscriptions, and accepts their access tokens no more.
 */
export const endedSessionsExtension = 'endedSessions';

/** The most sessions that one message may end. */
export const endedSessionsMax = 1_000;

/** Called with the ids of sessions that have ended. */
export type OnSessionsEnded = (sessionIds: readonly string[]) => void;

/** Reads such ids from an untrusted value: without those that cannot be one. */
export function readEndedSessions(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, endedSessionsMax)
    .filter((id): id is string => typeof id === 'string' && id !== '' && id.length <= idCharsMax);
}

const idCharsMax = 200;
