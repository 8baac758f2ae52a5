import type { OperationLimits } from './limits.ts';
import type { MeasuredDocument } from './measure-document.ts';
import type { Violation } from './violation.ts';

/** A rule for documents, independent of variables; returns its violation, if any. */
export type DocumentRule = (
  document: MeasuredDocument,
  limits: OperationLimits,
) => Violation | undefined;
