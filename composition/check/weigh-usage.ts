import type { Change } from './change.ts';
import type { CheckCodeName } from './codes.ts';
import type { AffectedOperation } from './finding.ts';
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

/**
 * Names the operations that a change meets. A removal that no operation of a usage log and no committed one meets is a note.
 */
export function weighUsage(
  change: Change,
  operationsUsing: OperationsUsing,
  unusedAfterDays: number | undefined,
): Change {
  const { coordinate, code } = change;
  if (change.operations || coordinate === undefined) return change;
  const about = change.usedAs ?? (ofParent.has(code) ? parentOf(coordinate) : coordinate);
  const operations: readonly AffectedOperation[] = operationsUsing(about);
  if (operations.length > 0) return { ...change, operations };
  if (unusedAfterDays === undefined || !removals.has(code)) return change;
  const message = `${change.message} No known operation of the last ${unusedAfterDays} days uses it.`;
  return { ...change, message, isUnused: true, fix: 'Nothing has to be done.' };
}

function parentOf(coordinate: string): string {
  const [, outer = coordinate] =
    /^([^(]+)\([^)]*\)$/.exec(coordinate) ?? /^([^.]+)\.[^.]*$/.exec(coordinate) ?? [];
  return outer;
}
