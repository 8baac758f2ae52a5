import {
  type GraphQLNamedType,
  isInputObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import { type ApiRule, definedTypes, matchNames } from '../api-rule.ts';
import type { Change } from '../change.ts';
import { kindOf } from '../kind-of.ts';

/** Added and removed types, and types of another kind. */
export const types: ApiRule = (base, head) => {
  const { removed, added, kept } = matchNames(definedTypes(base), definedTypes(head));
  return [
    ...removed.map((type): Change => ({
      code: 'TYPE_REMOVED',
      message: `The ${kindOf(type)} ${type.name} was removed.`,
      coordinate: type.name,
      in: 'base',
    })),
    ...added.map((type): Change => ({
      code: 'TYPE_ADDED',
      message: `The ${kindOf(type)} ${type.name} was added.`,
      coordinate: type.name,
      in: 'head',
    })),
    ...kept.flatMap(([before, after]) => changesOf(before, after)),
  ];
};

function changesOf(before: GraphQLNamedType, after: GraphQLNamedType): readonly Change[] {
  const { name } = before;
  if (kindOf(before) !== kindOf(after)) {
    return [
      {
        code: 'TYPE_KIND_CHANGED',
        message: `${name} is ${withArticle(kindOf(after))}; it was ${withArticle(kindOf(before))}.`,
        coordinate: name,
        in: 'head',
      },
    ];
  }
  if (isScalarType(before) && isScalarType(after) && !isSpecifiedScalarType(before)) {
    const [old, next] = [before.specifiedByURL ?? 'none', after.specifiedByURL ?? 'none'];
    if (old === next) return [];
    return [
      {
        code: 'SCALAR_FORMAT_CHANGED',
        message: `The scalar ${name} is specified by ${next}; it was ${old}.`,
        coordinate: name,
        in: 'head',
      },
    ];
  }
  if (isInputObjectType(before) && isInputObjectType(after) && before.isOneOf !== after.isOneOf) {
    return [
      {
        code: after.isOneOf ? 'INPUT_BECAME_ONE_OF' : 'INPUT_NO_LONGER_ONE_OF',
        message: after.isOneOf
          ? `The input type ${name} takes exactly one of its fields now.`
          : `The input type ${name} takes any number of its fields now.`,
        coordinate: name,
        in: 'head',
      },
    ];
  }
  return [];
}

function withArticle(kind: string): string {
  return `${/^[aeio]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
