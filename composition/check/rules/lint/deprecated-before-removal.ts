import type { Change } from '../../change.ts';
import type { Rule } from '../../comparison.ts';
import { membersOf } from '../../members.ts';

/** A removed member must have been deprecated, and the last date in its reason must be past. */
export const deprecatedBeforeRemoval: Rule = ({ base, head, now }) => {
  const after = membersOf(head.api);
  const today = now.toISOString().slice(0, 10);
  return [...membersOf(base.api).values()].flatMap(
    ({ coordinate, deprecationReason: reason }): readonly Change[] => {
      // Types cannot be deprecated, and members disappear with their type or field.
      if (after.has(coordinate) || !coordinate.includes('.')) return [];
      if (!after.has(parentOf(coordinate))) return [];
      const promised = reason
        ?.match(/\b\d{4}-\d{2}-\d{2}\b/g)
        ?.sort()
        .at(-1);
      if (reason !== undefined && (promised === undefined || promised <= today)) return [];
      return [
        {
          code: 'LINT_REMOVAL',
          message:
            reason === undefined
              ? `${coordinate} was removed without being deprecated first.`
              : `${coordinate} was removed before the day that its deprecation names: ${reason}`,
          coordinate,
          in: 'base',
        },
      ];
    },
  );
};

function parentOf(coordinate: string): string {
  const at = coordinate.indexOf('(');
  return coordinate.slice(0, at < 0 ? coordinate.indexOf('.') : at);
}
