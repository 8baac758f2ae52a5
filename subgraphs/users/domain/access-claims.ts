import type { Role } from '../../../common/viewer.ts';
import type { User } from './user.ts';

/** The lifetime of an access token. */
export const accessTokenLifetimeSeconds = 15 * 60;

/** The claims of an access token (RFC 9068 §2.2); times in Unix seconds. */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly role: Role;
  /** OAuth 2.0 scopes, separated by a space (RFC 6749 §3.3). */
  readonly scope: string;
  /** The session (OpenID Connect). */
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
}

/** What an access token says in addition to its subject. */
export interface AccessGrant {
  readonly issuer: string;
  readonly audience: string;
  readonly sessionId: string;
  readonly tokenId: string;
  /** Milliseconds since the Unix epoch. */
  readonly issuedAt: number;
}

const customerScopes = ['profile', 'orders:read', 'reviews:write'] as const;
const adminScopes = [
  ...customerScopes,
  'products:write',
  'users:read',
  'orders:read:all',
  'orders:write:all',
] as const;

/** What a role allows a program to do on the user's behalf. */
export function scopesOf(role: Role): readonly string[] {
  switch (role) {
    case 'customer':
      return customerScopes;
    case 'admin':
      return adminScopes;
  }
}

/** The claims of a user's access token. */
export function accessClaims(
  user: User,
  { issuer, audience, sessionId, tokenId, issuedAt }: AccessGrant,
): AccessClaims {
  const iat = Math.floor(issuedAt / 1000);
  return {
    iss: issuer,
    aud: audience,
    sub: user.id,
    role: user.role,
    scope: scopesOf(user.role).join(' '),
    sid: sessionId,
    jti: tokenId,
    iat,
    exp: iat + accessTokenLifetimeSeconds,
  };
}
