import { createHash } from 'node:crypto';

const refreshTokenLifetimeMs = 30 * 24 * 60 * 60 * 1000;

/** The random bytes of a refresh token. */
export const refreshTokenBytes = 32;

/** A refresh token before it is handed out; only its hash is stored. */
export interface RefreshToken {
  readonly text: string;
  readonly hash: Uint8Array;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const form = /^[A-Za-z0-9_-]{43}$/;

/** A refresh token made from `refreshTokenBytes` random bytes. Throws RangeError for another number of bytes. */
export function createRefreshToken(random: Uint8Array, createdAt: Date): RefreshToken {
  if (random.length !== refreshTokenBytes) {
    throw new RangeError(
      `A refresh token is made of ${refreshTokenBytes} bytes; got ${random.length}.`,
    );
  }
  const text = Buffer.from(random).toString('base64url');
  const expiresAt = new Date(createdAt.getTime() + refreshTokenLifetimeMs);
  return { text, hash: sha256(text), createdAt, expiresAt };
}

/** The hash under which a refresh token is stored, or `undefined` for text that cannot be one. */
export function readRefreshToken(text: string): Uint8Array | undefined {
  return form.test(text) ? sha256(text) : undefined;
}

/** A fast hash is enough: the text has 256 random bits and cannot be guessed. */
function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
