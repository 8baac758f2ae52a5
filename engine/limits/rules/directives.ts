import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** Limits the directives of an operation, wherever they are. */
export const directives: DocumentRule = ({ roots }, { maxDirectives }) => {
  const root = roots.find(({ counts }) => counts.directives > maxDirectives);
  return (
    root &&
    invalid(
      `${root.title} has ${root.counts.directives} directives; at most ${maxDirectives} are allowed.`,
    )
  );
};
