import type { Alternatives, Clause } from './clause.ts';

/** Who asks, as far as the access directives want to know. */
export interface Caller {
  /** False when there are no claims: nobody is known. */
  readonly isAuthenticated: boolean;
  /** OAuth 2.0 scopes (RFC 6749 §3.3). */
  readonly scopes: ReadonlySet<string>;
  /** Asks for a policy. Whatever is not true, a rejection included, counts as no. */
  readonly asks: (policy: string) => unknown;
}

/** Of some clauses, those that do not hold. */
export type Denied = ReadonlySet<Clause>;

/** Nothing is denied. */
export const noneDenied: Denied = new Set();

/**
 * Which of the clauses do not hold for a caller. Each policy that they name is asked once, all of them at the same
 * time; the answer is a promise only if there is a policy.
 */
export function decide(clauses: readonly Clause[], caller: Caller): Denied | Promise<Denied> {
  const policies = new Set(
    clauses.flatMap((clause) => (clause.kind === 'policy' ? clause.anyOf.flat() : [])),
  );
  if (policies.size === 0) return deniedOf(clauses, caller, policies);
  return askAll(policies, caller).then((granted) => deniedOf(clauses, caller, granted));
}

async function askAll(policies: ReadonlySet<string>, { asks }: Caller): Promise<Set<string>> {
  const granted = new Set<string>();
  const ask = async (policy: string): Promise<void> => {
    try {
      if ((await asks(policy)) === true) granted.add(policy);
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
