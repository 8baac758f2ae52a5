import type { ApiRule } from '../api-rule.ts';
import type { Change } from '../change.ts';
import type { Rule } from '../comparison.ts';
import { directives } from './directives.ts';
import { enumValues } from './enum-values.ts';
import { fields } from './fields.ts';
import { inputFields } from './input-fields.ts';
import { interfaces } from './interfaces.ts';
import { types } from './types.ts';
import { unionMembers } from './union-members.ts';

const rules: readonly ApiRule[] = [
  types,
  fields,
  inputFields,
  enumValues,
  unionMembers,
  interfaces,
  directives,
];

/** Changes that clients cannot see: `@inaccessible` types, fields and values. */
export const supergraph: Rule = ({ base, head }) => {
  const seen = new Set(rules.flatMap((rule) => rule(base.api, head.api).map(keyOf)));
  return rules
    .flatMap((rule) => rule(base.full, head.full))
    .filter((change) => !seen.has(keyOf(change)))
    .map(({ message, coordinate, in: side }): Change => ({
      code: 'SUPERGRAPH_CHANGED',
      message: `Not seen by clients: ${message}`,
      ...(coordinate !== undefined && { coordinate }),
      in: side,
    }));
};

function keyOf({ code, coordinate, message }: Change): string {
  // Whether an enum appears in responses may depend on hidden fields.
  return code.startsWith('ENUM_VALUE') ? `${code} ${coordinate}` : `${code} ${message}`;
}
