import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { definedTypes } from './api-rule.ts';

/** A schema element that can have a description and be deprecated. */
export interface Member {
  readonly coordinate: string;
  readonly description: string | undefined;
  readonly deprecationReason: string | undefined;
}

/** All elements of a schema by schema coordinate. */
export function membersOf(schema: GraphQLSchema): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  const add = (coordinate: string, { description, deprecationReason }: Described): void => {
    members.set(coordinate, {
      coordinate,
      description: description ?? undefined,
      deprecationReason: deprecationReason ?? undefined,
    });
  };
  for (const type of definedTypes(schema)) {
    add(type.name, type);
    if (isEnumType(type)) {
      for (const value of type.getValues()) add(`${type.name}.${value.name}`, value);
    } else if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) add(`${type.name}.${field.name}`, field);
    } else if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        add(`${type.name}.${field.name}`, field);
        for (const arg of field.args) add(`${type.name}.${field.name}(${arg.name}:)`, arg);
      }
    }
  }
  return members;
}

interface Described {
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}
