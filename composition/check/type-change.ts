import { type GraphQLType, isListType, isNamedType, isNonNullType } from 'graphql';

/** How a change of a field's or argument's type affects existing clients. */
export type TypeChange = 'same' | 'safe' | 'breaking';

/** Output: nullable may become non-null; any other change breaks. */
export function outputTypeChange(before: GraphQLType, after: GraphQLType): TypeChange {
  if (String(before) === String(after)) return 'same';
  return isWithin(after, before) ? 'safe' : 'breaking';
}

/** Input: non-null may become nullable; any other change breaks. */
export function inputTypeChange(before: GraphQLType, after: GraphQLType): TypeChange {
  if (String(before) === String(after)) return 'same';
  return isWithin(before, after) ? 'safe' : 'breaking';
}

/** Whether every value of one type is valid for the other, at any list depth. Coercion of an item to a list does not count. */
function isWithin(narrow: GraphQLType, wide: GraphQLType): boolean {
  if (isNonNullType(narrow)) {
    return isWithin(narrow.ofType, isNonNullType(wide) ? wide.ofType : wide);
  }
  if (isNonNullType(wide)) return false;
  if (isListType(narrow)) return isListType(wide) && isWithin(narrow.ofType, wide.ofType);
  return isNamedType(wide) && isNamedType(narrow) && narrow.name === wide.name;
}
