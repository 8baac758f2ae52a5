import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';

/** The subgraphs of a supergraph, and the types they share. */
export interface SupergraphMap {
  /** Sorted by name. */
  readonly subgraphs: readonly string[];
  /** Types with a key, sorted by name. */
  readonly entities: readonly Entity[];
  /** Types without a key that several subgraphs define, sorted by name. */
  readonly shared: readonly SharedType[];
}

/** An entity. */
export interface Entity {
  readonly name: string;
  readonly subgraphs: readonly {
    readonly subgraph: string;
    /** Its resolvable keys in the subgraph; empty when the subgraph only references it. */
    readonly keys: readonly string[];
    /** The number of its fields that the subgraph resolves. */
    readonly fields: number;
  }[];
  /** The fields that several subgraphs resolve, except key fields. */
  readonly sharedFields: readonly string[];
}

/** A value type that several subgraphs define. */
export interface SharedType {
  readonly name: string;
  readonly subgraphs: readonly string[];
  readonly fields: readonly string[];
}

/** Reads a composed supergraph. */
export function supergraphMap(supergraphSdl: string): SupergraphMap {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = graphNames(document);
  const types = document.definitions
    .filter((each) => isComposite(each))
    .map((type) => ({ type, joins: joinsOf(type, names) }))
    .filter(({ joins }) => joins.length > 0)
    .sort((left, right) => (left.type.name.value < right.type.name.value ? -1 : 1));
  const roots = new Set(
    document.definitions.flatMap((each) =>
      each.kind === Kind.SCHEMA_DEFINITION
        ? each.operationTypes.map(({ type }) => type.name.value)
        : [],
    ),
  );
  return {
    subgraphs: [...names.values()].sort(),
    entities: types
      .filter(({ joins }) => joins.some(({ key }) => key !== undefined))
      .map(({ type, joins }) => entityOf(type, joins, names)),
    shared: types
      .filter(({ joins }) => joins.every(({ key }) => key === undefined))
      .map(({ type, joins }) => ({
        name: type.name.value,
        subgraphs: subgraphsOf(joins),
        fields: (type.fields ?? []).map(({ name }) => name.value),
      }))
      .filter(({ name, subgraphs }) => subgraphs.length > 1 && !roots.has(name)),
  };
}

type CompositeType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

function isComposite(definition: { readonly kind: Kind }): definition is CompositeType {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION
  );
}

/** Subgraph names by `join__Graph` value. */
function graphNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const graphs = definitions.find(
    (each) => each.kind === Kind.ENUM_TYPE_DEFINITION && each.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return new Map();
  return new Map(
    (graphs.values ?? []).map(({ name, directives = [] }) => {
      const join = directives.find((each) => each.name.value === 'join__graph');
      return [name.value, (join && textOf(join, 'name')) ?? name.value];
    }),
  );
}

interface Join {
  readonly subgraph: string;
  readonly key: string | undefined;
  /** Whether the key is resolvable in the subgraph. */
  readonly isResolvable: boolean;
}

function joinsOf(
  { directives = [] }: CompositeType,
  names: ReadonlyMap<string, string>,
): readonly Join[] {
  return directives
    .filter(({ name }) => name.value === 'join__type')
    .flatMap((join) => {
      const subgraph = names.get(textOf(join, 'graph') ?? '');
      return subgraph === undefined
        ? []
        : [
            {
              subgraph,
              key: textOf(join, 'key'),
              isResolvable: flagOf(join, 'resolvable') !== false,
            },
          ];
    });
}

function subgraphsOf(joins: readonly Join[]): readonly string[] {
  return [...new Set(joins.map(({ subgraph }) => subgraph))].sort();
}

function entityOf(
  type: CompositeType,
  joins: readonly Join[],
  names: ReadonlyMap<string, string>,
): Entity {
  const subgraphs = subgraphsOf(joins);
  const fields = (type.fields ?? []).map((field) => ({
    name: field.name.value,
    resolvedBy: resolversOf(field, names) ?? subgraphs,
  }));
  const keys = joins.flatMap(({ key }) => key ?? []);
  return {
    name: type.name.value,
    subgraphs: subgraphs.map((subgraph) => ({
      subgraph,
      keys: joins
        .filter((join) => join.subgraph === subgraph && join.isResolvable)
        .flatMap(({ key }) => key ?? []),
      fields: fields.filter(({ resolvedBy }) => resolvedBy.includes(subgraph)).length,
    })),
    sharedFields: fields
      .filter(({ name, resolvedBy }) => resolvedBy.length > 1 && !isOfKey(name, keys))
      .map(({ name }) => name),
  };
}

function isOfKey(field: string, keys: readonly string[]): boolean {
  return keys.some((key) => key.split(/[\s{}]+/).includes(field));
}

/** The subgraphs that resolve a field; `undefined` without `@join__field`: then all that define the type do. */
function resolversOf(
  { directives = [] }: FieldDefinitionNode,
  names: ReadonlyMap<string, string>,
): readonly string[] | undefined {
  const joins = directives.filter(({ name }) => name.value === 'join__field');
  if (joins.every((join) => textOf(join, 'graph') === undefined)) return undefined;
  return joins
    .filter((join) => flagOf(join, 'external') !== true && flagOf(join, 'usedOverridden') !== true)
    .flatMap((join) => names.get(textOf(join, 'graph') ?? '') ?? []);
}

function textOf({ arguments: args = [] }: ConstDirectiveNode, name: string): string | undefined {
  const value = args.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

function flagOf({ arguments: args = [] }: ConstDirectiveNode, name: string): boolean | undefined {
  const value = args.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}
