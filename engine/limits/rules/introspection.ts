import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** The standard introspection query has `types`, then `fields`: a third list within would multiply the answer. */
const maxLists = 2;
/** The standard introspection query is 15 deep. */
const maxDepth = 20;

/** Introspection does not run in circles, such as from types to their fields to their types. */
export const introspection: DocumentRule = ({ roots }) => {
  for (const { title, counts } of roots) {
    if (counts.introspectionLists > maxLists) {
      return invalid(
        `${title} has ${counts.introspectionLists} lists of introspection within one another; ` +
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
