import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import { fieldSetText } from './field-set-text.ts';
import { linkedDirective, valueOf } from './linked-directive.ts';
import type { ParsedSubgraph } from './read-schema.ts';

/** An object type as a subgraph writes it. */
export type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

/** Whether a definition is one of an object type. */
export function isObject(definition: { readonly kind: Kind }): definition is ObjectNode {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.OBJECT_TYPE_EXTENSION
  );
}

/** The fields of each `@key` of a type in a document. */
export function keysOf(document: DocumentNode, type: ObjectNode): readonly string[] {
  return keyDirectives(document, type).map(fieldsOf);
}

/** The resolvable keys that subgraphs declare, by type and subgraph, whether or not they compose. */
export function declaredKeys(
  subgraphs: readonly ParsedSubgraph[],
): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const keys = new Map<string, Map<string, readonly string[]>>();
  for (const { entry, document } of subgraphs) {
    for (const definition of document.definitions.filter(isObject)) {
      const type = definition.name.value;
      const ofType = keys.get(type) ?? new Map<string, readonly string[]>();
      const own = keyDirectives(document, definition).filter(isResolvable).map(fieldsOf);
      keys.set(type, ofType.set(entry.name, [...(ofType.get(entry.name) ?? []), ...own]));
    }
  }
  return keys;
}

const federation = 'https://specs.apollo.dev/federation';

function keyDirectives(
  document: DocumentNode,
  { directives = [] }: ObjectNode,
): readonly ConstDirectiveNode[] {
  // Federation 1 has no @link; one that imports @key may give it another name.
  const names = [linkedDirective(document, federation, 'key') ?? 'key', 'federation__key'];
  return directives.filter(({ name }) => names.includes(name.value));
}

function fieldsOf(key: ConstDirectiveNode): string {
  const fields = valueOf(key, 'fields');
  return fields?.kind === Kind.STRING ? fieldSetText(fields.value) : '';
}

function isResolvable(key: ConstDirectiveNode): boolean {
  const resolvable = valueOf(key, 'resolvable');
  return resolvable?.kind !== Kind.BOOLEAN || resolvable.value;
}
