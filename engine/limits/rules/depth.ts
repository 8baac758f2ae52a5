import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** Limits the depth of fields. */
export const depth: DocumentRule = ({ roots }, { maxDepth }) => {
  const root = roots.find(({ counts }) => counts.depth > maxDepth);
  return (
    root &&
    invalid(`${root.title} is ${root.counts.depth} levels deep; at most ${maxDepth} are allowed.`)
  );
};
