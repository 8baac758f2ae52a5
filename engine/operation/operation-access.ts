import { isIncluded } from '../../common/selection-conditions.ts';
import { type Clause, printClause } from '../access/clause.ts';
import { type Caller, decide, type Denied, noneDenied } from '../access/decide.ts';
import type { AccessEnforcement } from '../access/enforcement.ts';
import type { MarkedOperation } from '../access/marked-operation.ts';
import type { AccessSettings } from '../access/options.ts';
import type { PreparedOperation } from './prepared-operation.ts';

/** How access directives are enforced, and where what was removed is written to. */
export interface EnforcementSettings extends AccessSettings {
  readonly log: (message: string) => void;
}

/** Which of an operation's clauses do not hold for the caller; by default for somebody of whom nothing is known. */
export function deniedTo(
  clauses: readonly Clause[],
  caller: () => Caller = nobody,
): Denied | Promise<Denied> {
  return clauses.length === 0 ? noneDenied : decide(clauses, caller());
}

/** The operation with what is denied told apart, when `@skip` and `@include` are decided by the conditions. */
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

/** Of the clauses those that are written as the ones denied on another supergraph. */
export function sameClauses(denied: Denied, clauses: readonly Clause[]): Denied {
  if (denied.size === 0) return noneDenied;
  const written = new Set([...denied].map(printClause));
  const same = clauses.filter((clause) => written.has(printClause(clause)));
  return same.length === 0 ? noneDenied : new Set(same);
}

function nobody(): Caller {
  return { isAuthenticated: false, scopes: new Set(), asks: () => false };
}
