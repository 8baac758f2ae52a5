import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** A document selects at most so much once its fragments are expanded. Rules after this one may expand them. */
export const selections: DocumentRule = ({ roots }, { maxSelections }) => {
  const count = roots.reduce((sum, { counts }) => sum + counts.selections, 0);
  return count > maxSelections
    ? invalid(
        `The document has ${count} selections once its fragments are expanded; ` +
          `at most ${maxSelections} are allowed.`,
      )
    : undefined;
};
