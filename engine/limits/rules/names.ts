import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** The longest name that a client may choose, in characters: names appear in logs, errors and responses. */
const nameMaxChars = 256;

/** Limits the length of aliases and of the names of operations, fragments and variables. */
export const names: DocumentRule = ({ roots }) => {
  const root = roots.find(({ counts }) => counts.longestName > nameMaxChars);
  return (
    root &&
    invalid(
      `The document has a name of ${root.counts.longestName} characters; at most ${nameMaxChars} are allowed.`,
    )
  );
};
