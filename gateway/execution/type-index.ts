import { type DocumentNode, type InterfaceTypeDefinitionNode, Kind } from 'graphql';

/** What execution must know about the types of the supergraph, the inaccessible ones included. */
export interface TypeIndex {
  /** True for the name of an object type. */
  isObject(name: string): boolean;
  /** True for the name of an object type or an interface: what an object may call itself. */
  isKnown(name: string): boolean;
  /** True when the condition `... on condition` applies to an object whose `__typename` is `typename`. */
  applies(condition: string, typename: string): boolean;
  /** True when an object of this interface or union may be of an interface in a subgraph (`@interfaceObject`). */
  isVeiled(name: string): boolean;
}

/** Reads object types, interfaces and unions from a schema document. */
export function createTypeIndex(document: DocumentNode): TypeIndex {
  const objects = new Set<string>();
  const interfaces = new Set<string>();
  const members = new Map<string, Set<string>>();
  const veils = new Set<string>();
  for (const definition of document.definitions) {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
        objects.add(definition.name.value);
        for (const { name } of definition.interfaces ?? [])
          membersOf(members, name.value).add(definition.name.value);
        break;
      case Kind.INTERFACE_TYPE_DEFINITION:
        interfaces.add(definition.name.value);
        if (isInterfaceObject(definition)) veils.add(definition.name.value);
        // An interface counts as a member of the interfaces it implements: with @interfaceObject a subgraph names an
        // interface as the type of an object.
        for (const { name } of definition.interfaces ?? [])
          membersOf(members, name.value).add(definition.name.value);
        break;
      case Kind.UNION_TYPE_DEFINITION:
        for (const { name } of definition.types ?? [])
          membersOf(members, definition.name.value).add(name.value);
        break;
      default:
    }
  }
  const veiled = new Set([...veils].flatMap((name) => [...(members.get(name) ?? [])]));
  return {
    isObject: (name) => objects.has(name),
    isKnown: (name) => objects.has(name) || interfaces.has(name),
    applies: (condition, typename) =>
      condition === typename || members.get(condition)?.has(typename) === true,
    isVeiled: (name) =>
      veils.has(name) || [...(members.get(name) ?? [])].some((member) => veiled.has(member)),
  };
}

/** True when a subgraph has the interface as an object type: `@join__type(isInterfaceObject: true)`. */
function isInterfaceObject({ directives }: InterfaceTypeDefinitionNode): boolean {
  return (directives ?? []).some(
    ({ name, arguments: given }) =>
      name.value === 'join__type' &&
      given?.some(
        ({ name: { value: of }, value }) =>
          of === 'isInterfaceObject' && value.kind === Kind.BOOLEAN && value.value,
      ),
  );
}

function membersOf(members: Map<string, Set<string>>, name: string): Set<string> {
  let found = members.get(name);
  if (!found) members.set(name, (found = new Set()));
  return found;
}
