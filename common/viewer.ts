/** The role of an account. `admin` sees and changes everything; `customer` sees the catalogue and their own data. */
export type Role = 'customer' | 'admin';

/** The viewer of a request, as verified by the gateway. Anonymous: the request has no credentials. */
export type Viewer =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user';
      readonly id: string;
      readonly role: Role;
      /** OAuth 2.0 scopes (RFC 6749 §3.3). */
      readonly scopes: readonly string[];
      /** The session that the access token belongs to (OpenID Connect `sid`). */
      readonly sessionId: string;
    };

/** The viewer of a request without credentials. */
export const anonymous: Viewer = { kind: 'anonymous' };

/** True for a viewer with the admin role. */
export function isAdmin(viewer: Viewer): boolean {
  return viewer.kind === 'user' && viewer.role === 'admin';
}

/** True when the viewer is the user with this id. */
export function isUser(viewer: Viewer, userId: string): boolean {
  return viewer.kind === 'user' && viewer.id === userId;
}

/** Reads a role from an untrusted value. */
export function isRole(value: unknown): value is Role {
  return value === 'customer' || value === 'admin';
}
