import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** Limits the operations of a document, though only one of them runs. */
export const operations: DocumentRule = ({ operations: { length } }, { maxOperations }) =>
  length > maxOperations
    ? invalid(`The document has ${length} operations; at most ${maxOperations} are allowed.`)
    : undefined;
