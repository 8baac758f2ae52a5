import { describe, expect, it } from '@jest/globals';
import { accessClaims, scopesOf } from './access-claims.ts';
import type { User } from './user.ts';

const user: User = {
  id: '1',
  email: 'john@example.com',
  name: 'John Doe',
  role: 'customer',
  createdAt: new Date(0),
};

describe('users/domain/access-claims', () => {
  it('contains only subject, audience, session and times, and expires after 15 minutes', () => {
    const claims = accessClaims(user, {
      issuer: 'the-issuer',
      audience: 'the-audience',
      sessionId: 'the-session',
      tokenId: 'the-token',
      issuedAt: 1_000_999,
    });
    expect(claims).toEqual({
      iss: 'the-issuer',
      aud: 'the-audience',
      sub: '1',
      role: 'customer',
      scope: 'profile orders:read reviews:write',
      sid: 'the-session',
      jti: 'the-token',
      iat: 1_000,
      exp: 1_900,
    });
  });

  it('grants admins the scopes of customers, and more', () => {
    expect(scopesOf('admin')).toEqual([
      ...scopesOf('customer'),
      'products:write',
      'users:read',
      'orders:read:all',
      'orders:write:all',
    ]);
  });
});
