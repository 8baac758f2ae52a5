import type { Viewer } from '../../../common/viewer.ts';
import type { User } from './user.ts';

/** What a user receives after logging in. */
export interface Session {
  /** A JWT (RFC 9068), valid for `expiresIn` seconds. */
  readonly accessToken: string;
  /** Valid once, for new tokens of the same session. */
  readonly refreshToken: string;
  readonly expiresIn: number;
  readonly user: User;
  /** The viewer that the access token stands for, in every service. */
  readonly viewer: Viewer;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of a session, or `undefined` for text that cannot be one. */
export function readSessionId(text: string): string | undefined {
  return uuid.test(text) ? text : undefined;
}
