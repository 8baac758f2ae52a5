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

/** The rules that compare two API schemas: what may break clients, and what they should know. */
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

/** The findings of all of them for one comparison, computed once because several rules need them. */
export function apiChanges(comparison: Comparison): readonly Change[] {
  const { base, head } = comparison;
  const changes = known.get(comparison) ?? apiRules.flatMap((rule) => rule(base.api, head.api));
  known.set(comparison, changes);
  return changes;
}

const known = new WeakMap<Comparison, readonly Change[]>();
