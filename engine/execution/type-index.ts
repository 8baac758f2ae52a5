import {
  type ConstValueNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
} from 'graphql';

/** The types of the supergraph, inaccessible ones included, as far as execution needs them. */
export interface TypeIndex {
  /** True for the name of an object type. */
  isObject(name: string): boolean;
  /** True for the name of an object type or an interface: a possible value of `__typename`. */
  isKnown(name: string): boolean;
  /** True when the condition `... on condition` applies to an object whose `__typename` is `typename`. */
  applies(condition: string, typename: string): boolean;
  /** True when the given subgraph, or any, may return objects of this interface or union as an interface object. */
  mayBeInterfaceObject(name: string, subgraph: string | undefined): boolean;
}

/** Reads object types, interfaces and unions from a schema document. */
export function createTypeIndex(document: DocumentNode): TypeIndex {
  const objects = new Set<string>();
  const interfaces = new Set<string>();
  const members = new Map<string, Set<string>>();
  const interfaceObjects = new Map<string, Set<string>>();
  for (const definition of document.definitions) {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
        objects.add(definition.name.value);
        for (const { name } of definition.interfaces ?? [])
          membersOf(members, name.value).add(definition.name.value);
        break;
      case Kind.INTERFACE_TYPE_DEFINITION:
        interfaces.add(definition.name.value);
        for (const graph of graphsWithInterfaceObject(definition))
          membersOf(interfaceObjects, graph).add(definition.name.value);
        // With @interfaceObject, a subgraph returns an interface name as `__typename`, so an interface counts as a
        // member of the interfaces it implements.
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
  const graphs = graphsByName(document);
  return {
    isObject: (name) => objects.has(name),
    isKnown: (name) => objects.has(name) || interfaces.has(name),
    applies: (condition, typename) =>
      condition === typename || members.get(condition)?.has(typename) === true,
    mayBeInterfaceObject: (name, subgraph) => {
      const possible = [...(members.get(name) ?? []), name];
      const isOver = (interfaceObject: string): boolean =>
        possible.some(
          (member) =>
            member === interfaceObject || members.get(interfaceObject)?.has(member) === true,
        );
      return [...interfaceObjects].some(
        ([graph, names]) =>
          (subgraph === undefined || graphs.get(subgraph) === graph) && [...names].some(isOver),
      );
    },
  };
}

/** The graphs that declare the interface as an object type: `@join__type(graph:, isInterfaceObject: true)`. */
function graphsWithInterfaceObject({ directives = [] }: InterfaceTypeDefinitionNode): string[] {
  return directives.flatMap(({ name, arguments: given = [] }) => {
    if (name.value !== 'join__type') return [];
    const of = (argument: string): ConstValueNode | undefined =>
      given.find((each) => each.name.value === argument)?.value;
    const flag = of('isInterfaceObject');
    const graph = of('graph');
    const isSet = flag?.kind === Kind.BOOLEAN && flag.value;
    return isSet && graph?.kind === Kind.ENUM ? [graph.value] : [];
  });
}

/** The `join__Graph` value of each subgraph. */
function graphsByName(document: DocumentNode): ReadonlyMap<string, string> {
  const graphs = document.definitions.find(
    (definition): definition is EnumTypeDefinitionNode =>
      definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  return new Map(
    graphs?.values?.flatMap(({ name: graph, directives }) => {
      const named = directives
        ?.find(({ name }) => name.value === 'join__graph')
        ?.arguments?.find(({ name }) => name.value === 'name')?.value;
      return named?.kind === Kind.STRING ? [[named.value, graph.value] as const] : [];
    }),
  );
}

function membersOf(members: Map<string, Set<string>>, name: string): Set<string> {
  let found = members.get(name);
  if (!found) members.set(name, (found = new Set()));
  return found;
}
