import type { ApiRule } from '../api-rule.ts';
import type { Change } from '../change.ts';
import { membersOf } from '../members.ts';

/** Changed descriptions. */
export const descriptions: ApiRule = (base, head) => {
  const after = membersOf(head);
  return [...membersOf(base).values()].flatMap(({ coordinate, description }): readonly Change[] => {
    const member = after.get(coordinate);
    if (!member || (member.description ?? '') === (description ?? '')) return [];
    return [
      {
        code: 'DESCRIPTION_CHANGED',
        message: `The description of ${coordinate} ${description ? 'changed' : 'was added'}.`,
        coordinate,
        in: 'head',
      },
    ];
  });
};
