import { describe, expect, it } from '@jest/globals';
import { createRefreshToken, readRefreshToken } from './refresh-token.ts';

const createdAt = new Date('2026-11-23T08:00:00.000Z');

describe('users/domain/refresh-token', () => {
  it('lives for 30 days', () => {
    const { expiresAt } = createRefreshToken(new Uint8Array(32), createdAt);
    expect(expiresAt.toISOString()).toBe('2026-12-23T08:00:00.000Z');
  });

  it('is found again by the hash of its text', () => {
    const token = createRefreshToken(new Uint8Array(32).fill(7), createdAt);
    expect(token.text).toMatch(/^[\w-]{43}$/);
    expect(readRefreshToken(token.text)).toEqual(token.hash);
    expect(Buffer.from(token.hash).toString('base64url')).not.toBe(token.text);
  });

  it('requires enough random bytes to be unguessable', () => {
    expect(() => createRefreshToken(new Uint8Array(16), createdAt)).toThrow(
      new RangeError('A refresh token is made of 32 bytes; got 16.'),
    );
  });

  it.each(['', 'short', 'a'.repeat(44), `${'a'.repeat(42)}=`, `${'a'.repeat(42)}\0`])(
    'does not accept %j',
    (text) => {
      expect(readRefreshToken(text)).toBeUndefined();
    },
  );
});
