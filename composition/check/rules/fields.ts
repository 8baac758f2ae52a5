import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { type ApiRule, changesOfTypes, matchNames } from '../api-rule.ts';
import type { Change } from '../change.ts';
import { argumentWords, changesOfInputValues } from '../input-values.ts';
import { outputTypeChange } from '../type-change.ts';

/** Fields of objects and interfaces, and their arguments. */
export const fields: ApiRule = (base, head) =>
  changesOfTypes(base, head, hasFields, (before, after) => {
    const type = before.name;
    const old = Object.values(before.getFields());
    const { removed, added, kept } = matchNames(old, Object.values(after.getFields()));
    return [
      ...removed.map(({ name }): Change => ({
        code: 'FIELD_REMOVED',
        message: `The field ${type}.${name} was removed.`,
        coordinate: `${type}.${name}`,
        in: 'base',
      })),
      ...added.map(({ name }): Change => ({
        code: 'FIELD_ADDED',
        message: `The field ${type}.${name} was added.`,
        coordinate: `${type}.${name}`,
        in: 'head',
      })),
      ...kept.flatMap(([one, other]) => [
        ...typeChanges(`${type}.${one.name}`, one, other),
        ...changesOfInputValues(
          one.args,
          other.args,
          (name) => `${type}.${one.name}(${name}:)`,
          argumentWords,
        ),
      ]),
    ];
  });

function hasFields(type: GraphQLNamedType): type is GraphQLObjectType | GraphQLInterfaceType {
  return isObjectType(type) || isInterfaceType(type);
}

type Field = GraphQLField<unknown, unknown>;

function typeChanges(coordinate: string, before: Field, after: Field): readonly Change[] {
  const change = outputTypeChange(before.type, after.type);
  if (change === 'same') return [];
  return [
    {
      code: change === 'safe' ? 'FIELD_TYPE_NARROWED' : 'FIELD_TYPE_CHANGED',
      message: `The field ${coordinate} returns ${String(after.type)}; it was ${String(before.type)}.`,
      coordinate,
      in: 'head',
    },
  ];
}
