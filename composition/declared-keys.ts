import {
  type DirectiveNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import { fieldSetText } from './field-set-text.ts';
import { valueOf } from './linked-directive.ts';
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

/** The fields of each `@key` of a type. */
export function keysOf({ directives = [] }: ObjectNode): readonly string[] {
  return directives.filter(isKey).map((key) => {
    const fields = valueOf(key, 'fields');
    return fields?.kind === Kind.STRING ? fieldSetText(fields.value) : '';
  });
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
      const resolvable = (definition.directives ?? []).filter(isResolvable);
      const own = keysOf({ ...definition, directives: resolvable });
      keys.set(type, ofType.set(entry.name, [...(ofType.get(entry.name) ?? []), ...own]));
    }
  }
  return keys;
}

function isKey({ name }: DirectiveNode): boolean {
  return name.value === 'key' || name.value === 'federation__key';
}

function isResolvable(directive: NonNullable<ObjectNode['directives']>[number]): boolean {
  const resolvable = valueOf(directive, 'resolvable');
  return resolvable?.kind !== Kind.BOOLEAN || resolvable.value;
}
