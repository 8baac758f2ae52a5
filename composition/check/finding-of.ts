import type { Change } from './change.ts';
import { checkCodeOf } from './codes.ts';
import type { Finding } from './finding.ts';
import type { Side } from './side.ts';

/** A finding, before the settings give it its weight. */
export type Found = Finding & {
  /** True when it certainly affects no client. */
  readonly isUnused: boolean;
};

/** A change as a finding, with its place and what its code says. */
export function findingOf(
  change: Change,
  { base, head }: Readonly<Record<'base' | 'head', Pick<Side, 'placeOf'>>>,
): Found {
  const { code, message, coordinate, operations: met = [], details = [] } = change;
  const { severity, fix } = checkCodeOf(code);
  const { placeOf } = change.in === 'base' ? base : head;
  const place = change.place ?? (coordinate === undefined ? undefined : placeOf(coordinate));
  return {
    code,
    severity: change.severity ?? severity,
    message,
    ...(coordinate !== undefined && { coordinate }),
    ...(place && { place }),
    operations: met,
    details,
    fix: change.fix ?? fix,
    isUnused: change.isUnused === true,
  };
}
