import type { DocumentRule } from '../document-rule.ts';
import { invalid } from '../violation.ts';

/** No fragment spreads itself (GraphQL spec §5.5.2.2): until that is known, nothing can be expanded. */
export const circularFragments: DocumentRule = ({ circularFragment: name }) =>
  name === undefined ? undefined : invalid(`Cannot spread fragment "${name}" within itself.`);
