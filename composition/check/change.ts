import type { SourcePlace } from '../problem.ts';
import type { CheckCodeName } from './codes.ts';
import type { AffectedOperation, Severity } from './finding.ts';

/** A finding of a rule, before its place is known. */
export interface Change {
  readonly code: CheckCodeName;
  readonly message: string;
  /** The schema coordinate. */
  readonly coordinate?: string;
  /** The coordinate by which affected operations are found, if it differs. */
  readonly usedAs?: string;
  /** The side in which the coordinate's place is looked up. */
  readonly in: 'base' | 'head';
  /** The severity, if it differs from the default of the code. */
  readonly severity?: Severity;
  /** The place, if it differs from that of the coordinate. */
  readonly place?: SourcePlace;
  /** What to do, if more specific than the advice of the code. */
  readonly fix?: string;
  /** True when it certainly affects no client. It is then a note, whatever the severity of its code. */
  readonly isUnused?: true;
  readonly details?: readonly string[];
  /** The affected operations, if they do not follow from the coordinate. */
  readonly operations?: readonly AffectedOperation[];
}
