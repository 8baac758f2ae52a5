import { LRUCache } from 'lru-cache';
import type { OnSessionsEnded } from '../../common/ended-sessions.ts';
import type { Viewer } from '../../common/viewer.ts';

/** The sessions that have ended while access tokens of theirs may be valid. */
export interface EndedSessions {
  /** Whether the session of a viewer is one of them. */
  has(viewer: Viewer): boolean;
  /** Acts when the session of a viewer ends; the function that it returns prevents that. */
  watch(viewer: Viewer, act: () => void): () => void;
  /** Ends sessions: to be called with those that this process, or another one, has learnt of. */
  readonly end: OnSessionsEnded;
}

/** Ended sessions that are remembered; of more, the oldest are forgotten first. */
const rememberedMax = 100_000;

/** Remembers ended sessions for as long as an access token lasts. */
export function createEndedSessions({
  rememberMs,
}: {
  readonly rememberMs: number;
}): EndedSessions {
  const ended = new LRUCache<string, true>({ max: rememberedMax, ttl: rememberMs });
  const watchers = new Map<string, Set<() => void>>();
  return {
    has: (viewer) => viewer.kind === 'user' && ended.size > 0 && ended.has(viewer.sessionId),
    watch: (viewer, act) => {
      if (viewer.kind !== 'user') return () => undefined;
      const { sessionId } = viewer;
      const acts = watchers.get(sessionId) ?? new Set();
      watchers.set(sessionId, acts.add(act));
      // It may have ended since its token was verified.
      if (ended.has(sessionId)) setImmediate(() => acts.has(act) && act());
      return () => {
        acts.delete(act);
        if (acts.size === 0 && watchers.get(sessionId) === acts) watchers.delete(sessionId);
      };
    },
    end: (sessionIds) => {
      for (const id of sessionIds) {
        ended.set(id, true);
        for (const act of [...(watchers.get(id) ?? [])]) act();
      }
    },
  };
}
