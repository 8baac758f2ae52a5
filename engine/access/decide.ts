import type { Alternatives, Clause } from './clause.ts';

/** The viewer, as far as access directives need it. */
export interface Caller {
  /** False when there are no claims. */
  readonly isAuthenticated: boolean;
  /** OAuth 2.0 scopes (RFC 6749 §3.3). */
  readonly scopes: ReadonlySet<string>;
  /** Evaluates a policy. Anything but true, including a rejection, denies it. */
  readonly evaluatePolicy: (policy: string) => unknown;
}

/** The clauses that do not hold. */
export type Denied = ReadonlySet<Clause>;

/** The empty set of denied clauses. */
export const noneDenied: Denied = new Set();

/**
 * Decides which of the clauses do not hold for a caller. Evaluates each policy once, all at the same time; returns a
 * promise only when there is a policy.
 */
export function decide(clauses: readonly Clause[], caller: Caller): Denied | Promise<Denied> {
  const policies = new Set(
    clauses.flatMap((clause) => (clause.kind === 'policy' ? clause.anyOf.flat() : [])),
  );
  if (policies.size === 0) return deniedOf(clauses, caller, policies);
  return askAll(policies, caller).then((granted) => deniedOf(clauses, caller, granted));
}

async function askAll(
  policies: ReadonlySet<string>,
  { evaluatePolicy }: Caller,
): Promise<Set<string>> {
  const granted = new Set<string>();
  const ask = async (policy: string): Promise<void> => {
    try {
      if ((await evaluatePolicy(policy)) === true) granted.add(policy);
    } catch {
      // A policy that cannot be evaluated grants nothing.
    }
  };
  await Promise.all([...policies].map(ask));
  return granted;
}

function deniedOf(
  clauses: readonly Clause[],
  { isAuthenticated, scopes }: Caller,
  policies: ReadonlySet<string>,
): Denied {
  const denied = clauses.filter((clause) => {
    switch (clause.kind) {
      case 'authenticated':
        return !isAuthenticated;
      case 'requiresScopes':
        return !hasOne(clause.anyOf, scopes);
      case 'policy':
        return !hasOne(clause.anyOf, policies);
    }
  });
  return denied.length === 0 ? noneDenied : new Set(denied);
}

function hasOne(alternatives: Alternatives, held: ReadonlySet<string>): boolean {
  return alternatives.some((group) => group.every((name) => held.has(name)));
}
