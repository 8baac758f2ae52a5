/** Alternatives, each a group that must hold as a whole: the outer list is OR, the inner AND, as in the directives. */
export type Alternatives = readonly (readonly string[])[];

/** One condition for a viewer. Equal clauses of a supergraph are the same object. */
export type Clause =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'requiresScopes' | 'policy'; readonly anyOf: Alternatives };

/**
 * The caller is authenticated. The same object for all supergraphs, so that it can be found in a set of denied clauses.
 */
export const authenticated: Clause = { kind: 'authenticated' };

/** The clauses that must all hold for a field or type to be returned. */
export type Requirement = readonly Clause[];

/** The requirement of unprotected elements. */
export const nothing: Requirement = [];

/** Creates the clauses of one supergraph, so that equal ones are the same object. */
export class Clauses {
  private readonly known = new Map<string, Clause>();

  /** The clause of a directive; `undefined` for an empty list of alternatives, which requires nothing. */
  of(kind: Clause['kind'], alternatives: Alternatives = []): Clause | undefined {
    if (kind === 'authenticated') return authenticated;
    const anyOf = minimal(alternatives);
    if (anyOf.length === 0) return undefined;
    return this.intern(`${kind} ${JSON.stringify(anyOf)}`, { kind, anyOf });
  }

  private intern(key: string, clause: Clause): Clause {
    const known = this.known.get(key) ?? clause;
    this.known.set(key, known);
    return known;
  }
}

/** All clauses of several requirements without duplicates, in order. */
export function allOf(requirements: Iterable<Requirement>): Requirement {
  const clauses = new Set<Clause>();
  for (const requirement of requirements) for (const clause of requirement) clauses.add(clause);
  return clauses.size === 0 ? nothing : [...clauses];
}

/** True when satisfying the requirements also satisfies the clause. */
export function isImplied(clause: Clause, requirements: Iterable<Requirement>): boolean {
  const given = allOf(requirements).filter(({ kind }) => kind === clause.kind);
  if (clause.kind === 'authenticated' || given.length === 0) return given.length > 0;
  let possible: Alternatives = [[]];
  for (const each of given) {
    if (each.kind === 'authenticated') continue;
    possible = minimal(possible.flatMap((left) => each.anyOf.map((right) => [...left, ...right])));
  }
  return possible.every((held) => clause.anyOf.some((wanted) => includesAll(held, wanted)));
}

/** A clause in SDL. */
export function printClause(clause: Clause): string {
  switch (clause.kind) {
    case 'authenticated':
      return '@authenticated';
    case 'requiresScopes':
      return `@requiresScopes(scopes: ${printAlternatives(clause.anyOf)})`;
    case 'policy':
      return `@policy(policies: ${printAlternatives(clause.anyOf)})`;
  }
}

function printAlternatives(alternatives: Alternatives): string {
  const groups = alternatives.map(
    (group) => `[${group.map((name) => JSON.stringify(name)).join(', ')}]`,
  );
  return `[${groups.join(', ')}]`;
}

/** Sorted, without redundant alternatives. */
function minimal(alternatives: Alternatives): Alternatives {
  const sorted = alternatives
    .map((group) => [...new Set(group)].sort())
    .sort((left, right) => left.length - right.length || compare(left.join(' '), right.join(' ')));
  const kept: (readonly string[])[] = [];
  for (const group of sorted) if (!kept.some((less) => includesAll(group, less))) kept.push(group);
  return kept;
}

function includesAll(group: readonly string[], part: readonly string[]): boolean {
  return part.every((name) => group.includes(name));
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
