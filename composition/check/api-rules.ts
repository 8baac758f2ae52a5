import type { ApiRule } from './api-rule.ts';
import type { Change } from './change.ts';
import type { Comparison } from './comparison.ts';
import { deprecations } from './rules/deprecations.ts';
import { descriptions } from './rules/descriptions.ts';
import { directives } from './rules/directives.ts';
import { enumValues } from './rules/enum-values.ts';
import { fields } from './rules/fields.ts';
import { inputFields } from './rules/input-fields.ts';
import { interfaces } from './rules/interfaces.ts';
import { mergeConflicts } from './rules/merge-conflicts.ts';
import { rootTypes } from './rules/root-types.ts';
import { types } from './rules/types.ts';
import { unionMembers } from './rules/union-members.ts';

/** What may break clients, or is good to know for them: from two schemas as clients see them alone. */
export const apiRules: readonly ApiRule[] = [
  types,
  fields,
  mergeConflicts,
  inputFields,
  enumValues,
  unionMembers,
  interfaces,
  directives,
  rootTypes,
  deprecations,
  descriptions,
];

/** What all of them say of a comparison; several rules ask. */
export function apiChanges(comparison: Comparison): readonly Change[] {
  const { base, head } = comparison;
  const changes = known.get(comparison) ?? apiRules.flatMap((rule) => rule(base.api, head.api));
  known.set(comparison, changes);
  return changes;
}

const known = new WeakMap<Comparison, readonly Change[]>();
