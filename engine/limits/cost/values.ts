import { Kind, type OperationDefinitionNode, type ValueNode, valueFromASTUntyped } from 'graphql';
import { constant, type Expression, map, type Variables } from './expression.ts';

/** Reads the value of a variable; `undefined` when it has none. */
export type VariableReader = (name: string) => Expression<unknown>;

/** Reads the variables of an operation as the client sent them, with the operation's defaults. */
export function variableReader({ variableDefinitions }: OperationDefinitionNode): VariableReader {
  const defaults = new Map(
    variableDefinitions?.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue && valueFromASTUntyped(defaultValue),
    ]),
  );
  return (name) => {
    const fallback = defaults.get(name);
    const read = (variables: Variables): unknown => {
      const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return given === undefined ? fallback : given;
    };
    return { of: read };
  };
}

/** The value at a path into an argument's value; `undefined` when there is none. */
export function valueAt(
  node: ValueNode | undefined,
  path: readonly string[],
  variable: VariableReader,
): Expression<unknown> {
  if (!node) return constant(undefined);
  if (node.kind === Kind.VARIABLE) {
    return map(variable(node.name.value), (value) => memberAt(value, path));
  }
  const [name, ...rest] = path;
  if (name === undefined) return inputValue(node, variable);
  if (node.kind !== Kind.OBJECT) return constant(undefined);
  return valueAt(node.fields.find((each) => each.name.value === name)?.value, rest, variable);
}

/** The member of a JSON value at a path. */
export function memberAt(value: unknown, path: readonly string[]): unknown {
  let member = value;
  for (const name of path) {
    if (typeof member !== 'object' || member === null || !Object.hasOwn(member, name))
      return undefined;
    member = (member as Readonly<Record<string, unknown>>)[name];
  }
  return member;
}

/** The list length that a slicing argument asks for: its number, or the length of its list. */
export function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.max(0, value);
  return Array.isArray(value) ? value.length : undefined;
}

/** A value in the document. Only the length of a list is needed, so variables in it are not read. */
function inputValue(node: ValueNode, variable: VariableReader): Expression<unknown> {
  if (node.kind === Kind.VARIABLE) return variable(node.name.value);
  return constant(valueFromASTUntyped(node, {}));
}
