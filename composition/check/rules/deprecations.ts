import type { ApiRule } from '../api-rule.ts';
import type { Change } from '../change.ts';
import { membersOf } from '../members.ts';

/** Added, removed and changed deprecations. */
export const deprecations: ApiRule = (base, head) => {
  const after = membersOf(head);
  return [...membersOf(base).values()].flatMap(
    ({ coordinate, deprecationReason }): readonly Change[] => {
      const member = after.get(coordinate);
      if (!member || member.deprecationReason === deprecationReason) return [];
      const reason = member.deprecationReason;
      if (reason === undefined) {
        return [
          {
            code: 'DEPRECATION_REMOVED',
            message: `${coordinate} is no longer deprecated.`,
            coordinate,
            in: 'head',
          },
        ];
      }
      return [
        {
          code:
            deprecationReason === undefined ? 'DEPRECATION_ADDED' : 'DEPRECATION_REASON_CHANGED',
          message:
            deprecationReason === undefined
              ? `${coordinate} is deprecated: ${reason}`
              : `${coordinate} is deprecated for another reason: ${reason}`,
          coordinate,
          in: 'head',
        },
      ];
    },
  );
};
