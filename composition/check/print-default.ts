import { astFromValue, type GraphQLArgument, type GraphQLInputField, print } from 'graphql';

/** The default value of an argument or input field as SDL; `undefined` when it has none. */
export function printDefault({
  defaultValue,
  type,
}: GraphQLArgument | GraphQLInputField): string | undefined {
  if (defaultValue === undefined) return undefined;
  const node = astFromValue(defaultValue, type);
  return node ? print(node) : undefined;
}
