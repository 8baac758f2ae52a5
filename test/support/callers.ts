import type { Caller } from '../../engine/access/decide.ts';

/** An anonymous caller. */
export const anonymous: Caller = callerWith({ isAuthenticated: false });

/** An authenticated caller with these scopes, who is granted these policies. */
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
