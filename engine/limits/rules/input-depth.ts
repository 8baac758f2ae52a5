import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** Limits the depth of lists and objects in the document's values. */
export const inputDepth: DocumentRule = ({ roots }, { maxInputDepth }) => {
  const root = roots.find(({ counts }) => counts.inputDepth > maxInputDepth);
  return (
    root &&
    invalid(
      `${root.title} has a value that is ${root.counts.inputDepth} levels deep; ` +
        `at most ${maxInputDepth} are allowed.`,
    )
  );
};
