import type { OperationLimits } from './limits.ts';
import type { MeasuredDocument } from './measure-document.ts';
import type { Violation } from './violation.ts';

/** A rule about a document, whatever its variables; gives what is against it. */
export type DocumentRule = (
  document: MeasuredDocument,
  limits: OperationLimits,
) => Violation | undefined;
