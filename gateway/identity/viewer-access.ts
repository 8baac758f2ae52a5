import type { Viewer } from '../../common/viewer.ts';
import type { Claims, PolicyFunction } from '../../engine/access/options.ts';

/** The claims that a viewer proved with an access token; `undefined` for an anonymous one. */
export function claimsOf(viewer: Viewer): Claims | undefined {
  if (viewer.kind === 'anonymous') return undefined;
  const { id, role, scopes, sessionId } = viewer;
  return { sub: id, role, scope: scopes.join(' '), sid: sessionId };
}

/**
 * The policies `role:…`, such as `role:admin`: granted to every viewer with the role, whatever the token's scopes are.
 */
export const rolePolicies: PolicyFunction<unknown> = (policy, { claims }) =>
  typeof claims?.role === 'string' && policy === `role:${claims.role}`;
