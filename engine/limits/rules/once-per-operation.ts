import { OperationTypeNode } from 'graphql';
import type { DocumentRule } from '../document-rule.ts';
import { selectedFields } from '../selected-fields.ts';
import { invalid } from '../violation.ts';

/**
 * Some mutations may run only once per request: a thousand aliases of `login` would be a thousand attempts in one
 * request.
 */
export const oncePerOperation: DocumentRule = (
  { operations, fragments },
  { oncePerOperation: names },
) => {
  for (const { operation, selectionSet } of operations) {
    if (operation !== OperationTypeNode.MUTATION) continue;
    const runs = new Map<string, number>();
    for (const fields of selectedFields([selectionSet], fragments).values()) {
      // Two fields with one response name run once, or conflict, which validation reports.
      for (const name of new Set(fields.map((field) => field.name.value))) {
        runs.set(name, (runs.get(name) ?? 0) + 1);
      }
    }
    const name = names.find((each) => (runs.get(each) ?? 0) > 1);
    if (name !== undefined) {
      return invalid(
        `The mutation "${name}" is selected ${runs.get(name)} times in the operation; it may be selected only once.`,
      );
    }
  }
  return undefined;
};
