import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** Rejects a fragment that spreads itself (GraphQL spec §5.5.2.2); later rules expand fragments. */
export const circularFragments: DocumentRule = ({ circularFragment: name }) =>
  name === undefined ? undefined : invalid(`Cannot spread fragment "${name}" within itself.`);
