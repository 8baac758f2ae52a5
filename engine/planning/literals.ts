import {
  type ArgumentNode,
  type DirectiveNode,
  type FieldNode,
  Kind,
  print,
  type ValueNode,
} from 'graphql';
import { isPlanningDirective } from './conditions.ts';

/** A field's arguments as text for a subgraph operation, without block strings. */
export function argumentsText({ arguments: args }: FieldNode): string {
  if (!args || args.length === 0) return '';
  return `(${args.map(argumentText).join(', ')})`;
}

function argumentText({ name, value }: ArgumentNode): string {
  return `${name.value}: ${valueText(value)}`;
}

/** The text of a literal with the same meaning. */
export function valueText(value: ValueNode): string {
  switch (value.kind) {
    case Kind.VARIABLE:
      return `$${value.name.value}`;
    case Kind.STRING:
      return JSON.stringify(value.value);
    case Kind.LIST:
      return `[${value.values.map(valueText).join(', ')}]`;
    case Kind.OBJECT:
      return `{${value.fields.map((field) => `${field.name.value}: ${valueText(field.value)}`).join(', ')}}`;
    default:
      return print(value);
  }
}

/** Executable directives as text for a subgraph; a space precedes each. */
export function directivesText(directives: readonly DirectiveNode[] | undefined): string {
  if (!directives || directives.length === 0) return '';
  let text = '';
  for (const directive of directives) {
    const { name, arguments: args = [] } = directive;
    if (isPlanningDirective(directive)) continue;
    text += ` @${name.value}${args.length > 0 ? `(${args.map(argumentText).join(', ')})` : ''}`;
  }
  return text;
}

/** The variables in the arguments of fields or directives. */
export function variablesIn(
  nodes: readonly (FieldNode | DirectiveNode)[] | undefined,
): readonly string[] {
  if (!nodes || nodes.every((node) => !node.arguments?.length)) return none;
  const found = new Set<string>();
  for (const node of nodes) {
    if (node.kind === Kind.DIRECTIVE && isPlanningDirective(node)) continue;
    for (const { value } of node.arguments ?? []) addVariables(value, found);
  }
  return [...found];
}

const none: readonly string[] = [];

function addVariables(value: ValueNode, found: Set<string>): void {
  if (value.kind === Kind.VARIABLE) found.add(value.name.value);
  else if (value.kind === Kind.LIST) for (const item of value.values) addVariables(item, found);
  else if (value.kind === Kind.OBJECT)
    for (const field of value.fields) addVariables(field.value, found);
}
