import type { DocumentRule } from '../document-rule.ts';
import { selectedFields } from '../selected-fields.ts';
import { invalid } from '../violation.ts';

/** Limits the root fields of an operation. */
export const rootFields: DocumentRule = ({ operations, fragments }, { maxRootFields }) => {
  for (const { selectionSet } of operations) {
    const { size } = selectedFields([selectionSet], fragments);
    if (size > maxRootFields) {
      return invalid(
        `The operation has ${size} fields at its root; at most ${maxRootFields} are allowed.`,
      );
    }
  }
  return undefined;
};
