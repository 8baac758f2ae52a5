import type { SourcePlace } from '../problem.ts';
import type { CheckCodeName } from './codes.ts';
import type { AffectedOperation, Severity } from './finding.ts';

/** What a rule says of a change: a finding that does not know its place yet. */
export interface Change {
  readonly code: CheckCodeName;
  readonly message: string;
  /** The schema coordinate it is about. */
  readonly coordinate?: string;
  /** The coordinate that operations use when they are met, where it is another. */
  readonly usedAs?: string;
  /** The schema in which the coordinate is looked up for its place. */
  readonly in: 'base' | 'head';
  /** Its weight, where it is another than usual for the code. */
  readonly severity?: Severity;
  /** Its place, where it is not that of the coordinate. */
  readonly place?: SourcePlace;
  /** What to do, where it is known more exactly than for the code in general. */
  readonly fix?: string;
  /** Whether it is certain that it meets no client. Such a change is a note, whatever its code usually weighs. */
  readonly isUnused?: true;
  readonly details?: readonly string[];
  /** The operations it meets, where they do not follow from the coordinate. */
  readonly operations?: readonly AffectedOperation[];
}
