import { type FieldNode, Kind, parse, type SelectionNode } from 'graphql';

/** The selections of a field set, as directives of Federation and `join__` write it. */
export function parseFieldSet(text: string): readonly SelectionNode[] {
  // By far the most are names, and the first operation on a supergraph reads many.
  if (/^[\w\s]+$/.test(text)) return text.trim().split(/\s+/).map(field);
  const set = text.trim().startsWith('{') ? text : `{${text}}`;
  const [operation] = parse(set, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
}

function field(value: string): FieldNode {
  return { kind: Kind.FIELD, name: { kind: Kind.NAME, value } };
}
