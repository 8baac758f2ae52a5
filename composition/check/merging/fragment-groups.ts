import { type GraphQLSchema, isAbstractType } from 'graphql';
import { definedTypes } from '../api-rule.ts';

/** The group of a type: all types that fragments can get to from it in one selection set. Named by one of its types. */
export function fragmentGroups(schema: GraphQLSchema): (name: string) => string {
  const parents = new Map<string, string>();
  const find = (name: string): string => {
    let at = name;
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up;
    return at;
  };
  for (const type of definedTypes(schema)) {
    if (!isAbstractType(type)) continue;
    for (const possible of schema.getPossibleTypes(type)) {
      const [one, other] = [find(type.name), find(possible.name)];
      if (one !== other) parents.set(one, other);
    }
  }
  return find;
}
