import { atExpiry } from '../../common/at-expiry.ts';
import type { Clock } from '../../common/clock.ts';
import type { Viewer } from '../../common/viewer.ts';
import { expiryOf } from './authenticate.ts';
import type { EndedSessions } from './ended-sessions.ts';

/**
 * Acts when the credentials of a viewer end: with their access token, or earlier with their session. The function that it
 * returns prevents that.
 */
export type AtCredentialsEnd = (
  viewer: Viewer,
  act: (reason: 'token expired' | 'session ended') => void,
) => () => void;

/** Watches access tokens and sessions. */
export function createAtCredentialsEnd(sessions: EndedSessions, clock: Clock): AtCredentialsEnd {
  return (viewer, act) => {
    // Those without credentials are many, and have nothing that could end.
    if (viewer.kind !== 'user') return nothingToForget;
    const forgetSession = sessions.watch(viewer, () => {
      act('session ended');
    });
    const forgetExpiry = atExpiry(expiryOf(viewer), clock, () => {
      act('token expired');
    });
    return () => {
      forgetSession();
      forgetExpiry();
    };
  };
}

function nothingToForget(): void {
  // Nothing is watched.
}
