import type { Rule } from '../../comparison.ts';
import { changedMembers } from './changed-members.ts';

/** New and changed members have a description. */
export const described: Rule = (comparison) =>
  changedMembers(comparison)
    .changed.filter(({ description = '' }) => description.trim() === '')
    .map(({ coordinate }) => ({
      code: 'LINT_DESCRIPTION',
      message: `${coordinate} has no description.`,
      coordinate,
      in: 'head',
    }));
