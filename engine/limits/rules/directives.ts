import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** An operation has at most so many directives, wherever they stand. */
export const directives: DocumentRule = ({ roots }, { maxDirectives }) => {
  const root = roots.find(({ counts }) => counts.directives > maxDirectives);
  return (
    root &&
    invalid(
      `${root.title} has ${root.counts.directives} directives; at most ${maxDirectives} are allowed.`,
    )
  );
};
