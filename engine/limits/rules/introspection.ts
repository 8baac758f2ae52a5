import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** The standard introspection query nests `types` and `fields`; a third nested list would multiply the response. */
const maxLists = 2;
/** The standard introspection query is 15 levels deep. */
const maxDepth = 20;

/** Rejects circular introspection, such as from types to their fields and back to their types. */
export const introspection: DocumentRule = ({ roots }) => {
  for (const { title, counts } of roots) {
    if (counts.introspectionLists > maxLists) {
      return invalid(
        `${title} nests ${counts.introspectionLists} introspection lists; ` +
          `at most ${maxLists} are allowed.`,
      );
    }
    if (counts.introspectionDepth > maxDepth) {
      return invalid(
        `${title} has introspection that is ${counts.introspectionDepth} levels deep; ` +
          `at most ${maxDepth} are allowed.`,
      );
    }
  }
  return undefined;
};
