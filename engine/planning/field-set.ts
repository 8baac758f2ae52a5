import { type FieldNode, Kind, parse, type SelectionNode } from 'graphql';

/** Parses a field set, as in Federation and `join__` directives. */
export function parseFieldSet(text: string): readonly SelectionNode[] {
  // Most field sets are plain names, and the first operation on a supergraph parses many.
  if (/^[\w\s]+$/.test(text)) return text.trim().split(/\s+/).map(field);
  const set = text.trim().startsWith('{') ? text : `{${text}}`;
  const [operation] = parse(set, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
}

function field(value: string): FieldNode {
  return { kind: Kind.FIELD, name: { kind: Kind.NAME, value } };
}
