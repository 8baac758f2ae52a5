import type { Caller } from '../../engine/access/decide.ts';

/** Somebody unknown. */
export const nobody: Caller = callerWith({ isAuthenticated: false });

/** Somebody who is known, with these scopes and to whom these policies are granted. */
export function callerWith({
  isAuthenticated = true,
  scopes = [],
  policies = [],
}: {
  readonly isAuthenticated?: boolean;
  readonly scopes?: readonly string[];
  readonly policies?: readonly string[];
} = {}): Caller {
  return {
    isAuthenticated,
    scopes: new Set(scopes),
    evaluatePolicy: (policy) => Promise.resolve(policies.includes(policy)),
  };
}
