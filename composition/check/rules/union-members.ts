import { isUnionType } from 'graphql';
import { type ApiRule, changesOfTypes, matchNames } from '../api-rule.ts';
import type { Change } from '../change.ts';

/** The members of unions. */
export const unionMembers: ApiRule = (base, head) =>
  changesOfTypes(base, head, isUnionType, (before, after) => {
    const { removed, added } = matchNames(before.getTypes(), after.getTypes());
    return [
      ...removed.map(({ name }): Change => ({
        code: 'UNION_MEMBER_REMOVED',
        message: `The type ${name} is no longer in the union ${before.name}.`,
        coordinate: before.name,
        in: 'base',
      })),
      ...added.map(({ name }): Change => ({
        code: 'UNION_MEMBER_ADDED',
        message: `The type ${name} is in the union ${before.name} now.`,
        coordinate: before.name,
        in: 'head',
      })),
    ];
  });
