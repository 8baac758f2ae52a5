import type { SelectionSetNode } from 'graphql';
import type { DocumentRule } from '../document-rule.ts';
import { selectedFields } from '../selected-fields.ts';
import { invalid } from '../violation.ts';

/**
 * Limits how often a response name is selected in the same place. Must run before validation, which compares all
 * selections of a name in pairs (CVE-2023-26144).
 */
export const repeatedFields: DocumentRule = ({ roots, fragments }, { maxRepeatedFields }) => {
  for (const { definition } of roots) {
    const open: (readonly SelectionSetNode[])[] = [[definition.selectionSet]];
    for (let place = open.pop(); place; place = open.pop()) {
      for (const [name, fields] of selectedFields(place, fragments)) {
        if (fields.length > maxRepeatedFields) {
          return invalid(
            `The field "${abbreviated(name)}" is selected ${fields.length} times at the same place; ` +
              `at most ${maxRepeatedFields} are allowed.`,
          );
        }
        const inner = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
        if (inner.length > 0) open.push(inner);
      }
    }
  }
  return undefined;
};

function abbreviated(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
