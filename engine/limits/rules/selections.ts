import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** Limits the selections of a document after expanding its fragments. Later rules may expand them. */
export const selections: DocumentRule = ({ roots }, { maxSelections }) => {
  const count = roots.reduce((sum, { counts }) => sum + counts.selections, 0);
  return count > maxSelections
    ? invalid(
        `The document has ${count} selections once its fragments are expanded; ` +
          `at most ${maxSelections} are allowed.`,
      )
    : undefined;
};
