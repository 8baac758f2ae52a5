import {
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
} from 'graphql';
import { type ApiRule, changesOfTypes, definedTypes, matchNames } from '../api-rule.ts';
import type { Change } from '../change.ts';

/** Enum values, in input and in responses. */
export const enumValues: ApiRule = (base, head) => {
  const givenBefore = namesOfGiven(base);
  const answered = namesOfAnswered(head);
  return changesOfTypes(base, head, isEnumType, (before, after) => {
    const { removed, added } = matchNames([...before.getValues()], [...after.getValues()]);
    const { name: type } = before;
    const isGiven = givenBefore.has(type);
    return [
      ...removed.map(({ name }): Change => ({
        code: 'ENUM_VALUE_REMOVED',
        message: isGiven
          ? `The enum value ${type}.${name} was removed; clients may give it.`
          : `The enum value ${type}.${name} was removed; no operation can give it, but programs may name it.`,
        coordinate: `${type}.${name}`,
        in: 'base',
        severity: isGiven ? 'error' : 'warning',
      })),
      ...added.map(({ name }): Change => ({
        code: 'ENUM_VALUE_ADDED',
        message: answered.has(type)
          ? `The enum value ${type}.${name} was added; answers may have it.`
          : `The enum value ${type}.${name} was added; it is in input only.`,
        coordinate: `${type}.${name}`,
        in: 'head',
        severity: answered.has(type) ? 'warning' : 'note',
      })),
    ];
  });
};

/** The types of all arguments and input fields. */
function namesOfGiven(schema: GraphQLSchema): ReadonlySet<string> {
  const ofDirectives = schema.getDirectives().flatMap(({ args }) => args);
  const ofTypes = definedTypes(schema).flatMap((type) =>
    isInputObjectType(type)
      ? Object.values(type.getFields())
      : fieldsOf(type).flatMap(({ args }) => args),
  );
  return new Set([...ofDirectives, ...ofTypes].map(({ type }) => getNamedType(type).name));
}

function namesOfAnswered(schema: GraphQLSchema): ReadonlySet<string> {
  const all = definedTypes(schema).flatMap(fieldsOf);
  return new Set(all.map(({ type }) => getNamedType(type).name));
}

function fieldsOf(type: GraphQLNamedType) {
  return 'getFields' in type && !isInputObjectType(type) ? Object.values(type.getFields()) : [];
}
