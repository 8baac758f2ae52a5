import {
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { type ApiRule, changesOfTypes, matchNames } from '../api-rule.ts';
import type { Change } from '../change.ts';

/** The interfaces implemented by types. */
export const interfaces: ApiRule = (base, head) =>
  changesOfTypes(base, head, mayImplement, (before, after) => {
    const { removed, added } = matchNames(before.getInterfaces(), after.getInterfaces());
    return [
      ...removed.map(({ name }): Change => ({
        code: 'INTERFACE_REMOVED',
        message: `The type ${before.name} no longer implements ${name}.`,
        coordinate: before.name,
        in: 'head',
      })),
      ...added.map(({ name }): Change => ({
        code: 'INTERFACE_ADDED',
        message: `The type ${before.name} implements ${name} now.`,
        coordinate: before.name,
        in: 'head',
      })),
    ];
  });

function mayImplement(type: GraphQLNamedType): type is GraphQLObjectType | GraphQLInterfaceType {
  return isObjectType(type) || isInterfaceType(type);
}
