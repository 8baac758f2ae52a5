import { astFromValue, type GraphQLArgument, type GraphQLInputField, print } from 'graphql';

/** The default of an argument or input field as it is written in a schema; `undefined` when it has none. */
export function printDefault({
  defaultValue,
  type,
}: GraphQLArgument | GraphQLInputField): string | undefined {
  if (defaultValue === undefined) return undefined;
  const node = astFromValue(defaultValue, type);
  return node ? print(node) : undefined;
}
