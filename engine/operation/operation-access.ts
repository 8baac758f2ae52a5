import type { DirectiveNode } from 'graphql';
import { activeDefer, placeBelow } from '../../common/deferred-fragments.ts';
import { isIncluded } from '../../common/selection-conditions.ts';
import { type Clause, printClause } from '../access/clause.ts';
import { type Caller, decide, type Denied, noneDenied } from '../access/decide.ts';
import type { AccessEnforcement } from '../access/enforcement.ts';
import type { MarkedOperation, RemovedPath } from '../access/marked-operation.ts';
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

/**
 * Where something was removed from one part of an operation: from the primary part, or from a deferred one with the
 * directives in `chain`, its own last.
 */
export function removedFromPart(
  access: AccessEnforcement,
  prepared: PreparedOperation,
  denied: Denied,
  conditions: ReadonlyMap<string, boolean>,
  chain: readonly DirectiveNode[] = [],
  place = '',
): readonly RemovedPath[] {
  const removedWith = (deferred: readonly DirectiveNode[]): readonly RemovedPath[] =>
    access.mark(
      prepared,
      denied,
      (selection) => isIncluded(selection, conditions),
      (selection) => {
        const directive = activeDefer(selection, conditions);
        return !directive || deferred.includes(directive);
      },
    ).paths;
  const paths = removedWith(chain);
  if (chain.length === 0) return paths;
  const around = new Set(removedWith(chain.slice(0, -1)).map(textOf));
  return paths.filter((path) => !around.has(textOf(path)) && isAt(path, place));
}

function textOf(path: RemovedPath): string {
  return JSON.stringify(path);
}

/** True for a path at a place of the response or below it. */
function isAt(path: RemovedPath, place: string): boolean {
  const keys = path.filter((step) => step !== '@' && !step.startsWith('... on '));
  return `${keys.reduce(placeBelow, '')}.`.startsWith(`${place}.`);
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
