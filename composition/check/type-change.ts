import { type GraphQLType, isListType, isNamedType, isNonNullType } from 'graphql';

/** How a type that is written in one place changed for those who were there before. */
export type TypeChange = 'same' | 'safe' | 'breaking';

/** For what is answered: where null could come it may come no more, but nothing else may change. */
export function outputTypeChange(before: GraphQLType, after: GraphQLType): TypeChange {
  if (String(before) === String(after)) return 'same';
  return isWithin(after, before) ? 'safe' : 'breaking';
}

/** For what is given: where null could not be given it may be now, but nothing else may change. */
export function inputTypeChange(before: GraphQLType, after: GraphQLType): TypeChange {
  if (String(before) === String(after)) return 'same';
  return isWithin(before, after) ? 'safe' : 'breaking';
}

/** Whether every value of one type is one of the other, at every depth of lists. A list of one is not taken for its item. */
function isWithin(narrow: GraphQLType, wide: GraphQLType): boolean {
  if (isNonNullType(narrow)) {
    return isWithin(narrow.ofType, isNonNullType(wide) ? wide.ofType : wide);
  }
  if (isNonNullType(wide)) return false;
  if (isListType(narrow)) return isListType(wide) && isWithin(narrow.ofType, wide.ofType);
  return isNamedType(wide) && isNamedType(narrow) && narrow.name === wide.name;
}
