import type { Change } from '../../change.ts';
import type { Rule } from '../../comparison.ts';
import { changedMembers } from './changed-members.ts';

/** A new deprecation says what to use instead, and has a date. */
export const deprecationReasons: Rule = (comparison) =>
  changedMembers(comparison).changed.flatMap(
    ({ coordinate, deprecationReason }): readonly Change[] => {
      if (deprecationReason === undefined) return [];
      const isUsual = ['', 'No longer supported'].includes(deprecationReason.trim());
      if (!isUsual && /\b\d{4}-\d{2}-\d{2}\b/.test(deprecationReason)) return [];
      return [
        {
          code: 'LINT_DEPRECATION',
          message: isUsual
            ? `${coordinate} is deprecated without a reason.`
            : `${coordinate} is deprecated without a date.`,
          coordinate,
          in: 'head',
        },
      ];
    },
  );
