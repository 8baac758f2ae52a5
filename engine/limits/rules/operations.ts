import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** A document has at most so many operations, though only one of them runs. */
export const operations: DocumentRule = ({ operations: { length } }, { maxOperations }) =>
  length > maxOperations
    ? invalid(`The document has ${length} operations; at most ${maxOperations} are allowed.`)
    : undefined;
