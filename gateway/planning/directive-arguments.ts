import { type ConstDirectiveNode, type ConstValueNode, Kind } from 'graphql';

/** The value of a directive's argument, as it is written. */
export function argumentOf(
  directive: ConstDirectiveNode | undefined,
  name: string,
): ConstValueNode | undefined {
  return directive?.arguments?.find((each) => each.name.value === name)?.value;
}

/** The value of an argument that is a string or a value of an enum; `undefined` for any other. */
export function textOf(
  directive: ConstDirectiveNode | undefined,
  name: string,
): string | undefined {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

/** The value of a Boolean argument; `undefined` for any other. */
export function flagOf(directive: ConstDirectiveNode, name: string): boolean | undefined {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}
