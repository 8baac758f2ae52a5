import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** No name is longer, in characters, that a client makes up: they get into logs, errors and answers. */
const nameMaxChars = 256;

/** Aliases and names of operations, fragments and variables are of a readable length. */
export const names: DocumentRule = ({ roots }) => {
  const root = roots.find(({ counts }) => counts.longestName > nameMaxChars);
  return (
    root &&
    invalid(
      `The document has a name of ${root.counts.longestName} characters; at most ${nameMaxChars} are allowed.`,
    )
  );
};
