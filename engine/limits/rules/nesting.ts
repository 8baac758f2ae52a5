import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** Limits the depth of selection sets, including those of fragments, which `depth` does not count. */
export const nesting: DocumentRule = ({ roots }, { maxNesting }) => {
  const root = roots.find(({ counts }) => counts.nesting > maxNesting);
  return (
    root &&
    invalid(
      `${root.title} nests ${root.counts.nesting} selection sets, fragments included; ` +
        `at most ${maxNesting} are allowed.`,
    )
  );
};
