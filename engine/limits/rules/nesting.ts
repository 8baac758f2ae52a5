import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** Selection sets lie at most so many deep, those of fragments included, which `depth` does not count. */
export const nesting: DocumentRule = ({ roots }, { maxNesting }) => {
  const root = roots.find(({ counts }) => counts.nesting > maxNesting);
  return (
    root &&
    invalid(
      `${root.title} has ${root.counts.nesting} selection sets within one another, fragments included; ` +
        `at most ${maxNesting} are allowed.`,
    )
  );
};
