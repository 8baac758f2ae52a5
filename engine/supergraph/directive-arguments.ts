import { type DirectiveNode, Kind, type ValueNode } from 'graphql';

/** The value of a directive's argument, as it is written. */
export function argumentOf(
  directive: DirectiveNode | undefined,
  name: string,
): ValueNode | undefined {
  return directive?.arguments?.find((each) => each.name.value === name)?.value;
}

/** The value of an argument that is a string or a value of an enum; `undefined` for any other. */
export function textOf(directive: DirectiveNode | undefined, name: string): string | undefined {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

/** The value of a Boolean argument; `undefined` for any other. */
export function flagOf(directive: DirectiveNode, name: string): boolean | undefined {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}
