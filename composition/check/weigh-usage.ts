import type { Change } from './change.ts';
import type { CheckCodeName } from './codes.ts';
import type { AffectedOperation } from './finding.ts';
import { parentCoordinate } from './parent-coordinate.ts';
import type { OperationsUsing } from './usage/operation-index.ts';

/** Harmless where no client uses what is removed. */
const removals: ReadonlySet<CheckCodeName> = new Set([
  'TYPE_REMOVED',
  'FIELD_REMOVED',
  'ARGUMENT_REMOVED',
  'INPUT_FIELD_REMOVED',
  'ENUM_VALUE_REMOVED',
  'UNION_MEMBER_REMOVED',
  'INTERFACE_REMOVED',
  'DIRECTIVE_REMOVED',
  'LINT_REMOVAL',
]);

/** What meets those who use what is around, not those who use the thing itself. */
const ofParent: ReadonlySet<CheckCodeName> = new Set([
  'REQUIRED_ARGUMENT_ADDED',
  'REQUIRED_INPUT_FIELD_ADDED',
  'ARGUMENT_DEFAULT_REMOVED',
  'ARGUMENT_DEFAULT_CHANGED',
  'INPUT_FIELD_DEFAULT_REMOVED',
  'INPUT_FIELD_DEFAULT_CHANGED',
  'ENUM_VALUE_ADDED',
]);

/** How a usage log counts. */
export interface UnusedRule {
  readonly afterDays: number;
  /** Why the log cannot tell that something is unused; absent when it can. */
  readonly gap: string | undefined;
}

/**
 * Names the operations that a change meets. A removal that no operation of a usage log and no committed one meets is a note,
 * where there is a log that can tell.
 */
export function weighUsage(
  change: Change,
  operationsUsing: OperationsUsing,
  rule: UnusedRule | undefined,
): Change {
  const { coordinate, code } = change;
  if (change.operations || coordinate === undefined) return change;
  if (code === 'FIELD_ALIAS_CONFLICT') return weighAlias(change, rule);
  const about = change.usedAs ?? (ofParent.has(code) ? parentCoordinate(coordinate) : coordinate);
  const operations: readonly AffectedOperation[] = operationsUsing(about);
  if (operations.length > 0) return { ...change, operations };
  if (!rule || !removals.has(code)) return change;
  if (rule.gap !== undefined) {
    if (code === 'LINT_REMOVAL') return change;
    const detail = `No known operation uses it, which does not show that no client does. ${rule.gap}`;
    return { ...change, details: [...(change.details ?? []), detail] };
  }
  const message = `${change.message} No known operation of the last ${rule.afterDays} days uses it.`;
  return { ...change, message, isUnused: true, fix: 'Nothing has to be done.' };
}

/** Those that use the field are not those that break: OPERATION_BROKEN names these. */
function weighAlias(change: Change, rule: UnusedRule | undefined): Change {
  if (!rule || rule.gap !== undefined) return change;
  const message = `${change.message} Known operations of the last ${rule.afterDays} days that do so are named by themselves.`;
  return { ...change, message, isUnused: true };
}
