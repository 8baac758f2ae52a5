import { isIncluded } from '../../common/selection-conditions.ts';
import { type Clause, printClause } from '../access/clause.ts';
import { type Caller, decide, type Denied, noneDenied } from '../access/decide.ts';
import type { AccessEnforcement } from '../access/enforcement.ts';
import type { MarkedOperation } from '../access/marked-operation.ts';
import type { AccessSettings } from '../access/options.ts';
import type { PreparedOperation } from './prepared-operation.ts';

/** How access directives are enforced, and where removals are logged. */
export interface EnforcementSettings extends AccessSettings {
  readonly log: (message: string) => void;
}

/** The clauses that the caller does not satisfy. The default caller is anonymous, without any scope. */
export function deniedTo(
  clauses: readonly Clause[],
  caller: () => Caller = anonymousCaller,
): Denied | Promise<Denied> {
  return clauses.length === 0 ? noneDenied : decide(clauses, caller());
}

/** Marks the denied parts of the operation; `conditions` decide `@skip` and `@include`. */
export function marking(
  access: AccessEnforcement | undefined,
  prepared: PreparedOperation,
  denied: Denied,
  conditions: ReadonlyMap<string, boolean>,
): MarkedOperation {
  const { operation, fragments } = prepared;
  const marked = access?.mark(prepared, denied, (selection) => isIncluded(selection, conditions));
  return marked ?? { operation, fragments, removed: new Set(), filtered: prepared, paths: [] };
}

/** The clauses with the same text as those denied on another supergraph. */
export function sameClauses(denied: Denied, clauses: readonly Clause[]): Denied {
  if (denied.size === 0) return noneDenied;
  const written = new Set([...denied].map(printClause));
  const same = clauses.filter((clause) => written.has(printClause(clause)));
  return same.length === 0 ? noneDenied : new Set(same);
}

function anonymousCaller(): Caller {
  return { isAuthenticated: false, scopes: new Set(), evaluatePolicy: () => false };
}
