import { type DirectiveNode, Kind, type ValueNode } from 'graphql';

/** The value node of a directive's argument. */
export function argumentOf(
  directive: DirectiveNode | undefined,
  name: string,
): ValueNode | undefined {
  return directive?.arguments?.find((each) => each.name.value === name)?.value;
}

/** The value of a string or enum argument; `undefined` for any other. */
export function textOf(directive: DirectiveNode | undefined, name: string): string | undefined {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

/** The value of a Boolean argument; `undefined` for any other. */
export function flagOf(directive: DirectiveNode, name: string): boolean | undefined {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}
