import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** Limits the aliases of an operation. */
export const aliases: DocumentRule = ({ roots }, { maxAliases }) => {
  const root = roots.find(({ counts }) => counts.aliases > maxAliases);
  return (
    root &&
    invalid(`${root.title} has ${root.counts.aliases} aliases; at most ${maxAliases} are allowed.`)
  );
};
