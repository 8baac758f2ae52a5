import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  parse,
  type TypeDefinitionNode,
  visit,
} from 'graphql';
import { textOf } from './directive-arguments.ts';
import { type Feature, featureElements } from './features.ts';
import { JoinedTypes } from './joined-types.ts';

/**
 * Converts a document to the form of join v0.3, which states the subgraphs of each type, union member, enum value and
 * implementation, and of each field that only some of them resolve. Versions 0.1 (Federation 1) and 0.2 leave some of
 * that implicit (https://specs.apollo.dev/join). Later documents are returned unchanged.
 */
export function withExplicitJoins(
  document: DocumentNode,
  features: readonly Feature[],
): DocumentNode {
  const version = features.find(({ name }) => name === 'join')?.version;
  if (version !== '0.1' && version !== '0.2') return document;
  const elements = featureElements(features);
  const isOwn = (definition: DefinitionNode): definition is TypeDefinitionNode =>
    isTypeDefinitionNode(definition) && !elements.isType(definition.name.value);
  const own = document.definitions.filter(isOwn);
  const joined = version === '0.1' ? withTypeJoins(own, new JoinedTypes(document, own)) : own;
  const types = withMembers(joined);
  const rest = document.definitions.filter((each) => !isOwn(each) && !isJoinDefinition(each));
  return {
    ...document,
    definitions: [...rest.map(withJoinVersion), ...joinDefinitions.definitions, ...types],
  };
}

/** The definitions of join v0.3, without the subgraphs. */
const joinDefinitions = parse(
  `
  directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
  directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
  directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
  directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
  directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  scalar join__FieldSet
  `,
  { noLocation: true },
);

function isJoinDefinition(definition: DefinitionNode): boolean {
  return (
    joinDefinitions.definitions.some(
      (each) =>
        each.kind === definition.kind &&
        'name' in each &&
        'name' in definition &&
        each.name?.value === definition.name?.value,
    ) ||
    (definition.kind === Kind.DIRECTIVE_DEFINITION && definition.name.value === 'join__owner')
  );
}

function withJoinVersion(definition: DefinitionNode): DefinitionNode {
  if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION)
    return definition;
  return visit(definition, {
    StringValue: (node) =>
      /^https:\/\/specs\.apollo\.dev\/join\/v0\.[12]\/?$/.test(node.value)
        ? { ...node, value: 'https://specs.apollo.dev/join/v0.3' }
        : undefined,
  });
}

/** The types with explicit subgraphs for each type, its fields and its interfaces. */
function withTypeJoins(
  definitions: readonly TypeDefinitionNode[],
  types: JoinedTypes,
): readonly TypeDefinitionNode[] {
  return definitions.map((definition) => {
    const joins = types
      .joinsOf(definition.name.value)
      .map(({ graph, key }) =>
        directive('type', { graph: ofEnum(graph), key: key === undefined ? key : ofText(key) }),
      );
    const kept = (definition.directives ?? []).filter(
      ({ name }) => name.value !== 'join__type' && name.value !== 'join__owner',
    );
    const directives = [...kept, ...joins];
    if (
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.INTERFACE_TYPE_DEFINITION
    )
      return { ...definition, directives };
    const implemented = types
      .implementationsOf(definition)
      .map(({ graph, of }) =>
        directive('implements', { graph: ofEnum(graph), interface: ofText(of) }),
      );
    return {
      ...definition,
      directives: [...directives, ...implemented],
      fields: definition.fields?.map((field) => explicitField(field, definition.name.value, types)),
    };
  });
}

/** Union members and enum values are in every subgraph that has both types. */
function withMembers(definitions: readonly TypeDefinitionNode[]): readonly TypeDefinitionNode[] {
  const graphs = new Map(
    definitions.map(({ name, directives }) => [name.value, graphsIn(directives)]),
  );
  return definitions.map((definition) => {
    const here = [...(graphs.get(definition.name.value) ?? [])];
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) {
      const members = (definition.types ?? []).flatMap(({ name: { value } }) =>
        here
          .filter((graph) => graphs.get(value)?.has(graph))
          .map((graph) =>
            directive('unionMember', { graph: ofEnum(graph), member: ofText(value) }),
          ),
      );
      return { ...definition, directives: [...(definition.directives ?? []), ...members] };
    }
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION) return definition;
    const joins = here.map((graph) => directive('enumValue', { graph: ofEnum(graph) }));
    const values = definition.values?.map((value) => ({
      ...value,
      directives: [...(value.directives ?? []), ...joins],
    }));
    return { ...definition, values };
  });
}

function graphsIn(directives: readonly ConstDirectiveNode[] | undefined): ReadonlySet<string> {
  return new Set(
    (directives ?? []).flatMap((each) =>
      each.name.value === 'join__type' ? (textOf(each, 'graph') ?? []) : [],
    ),
  );
}

function explicitField(
  field: FieldDefinitionNode,
  type: string,
  types: JoinedTypes,
): FieldDefinitionNode {
  const joins = types.fieldJoins(type, field.name.value);
  if (!joins) return field;
  const joinDirectives = [...joins].map(([graph, { requires, provides, isExternal }]) =>
    directive('field', {
      graph: ofEnum(graph),
      requires: requires === undefined ? undefined : ofText(requires),
      provides: provides === undefined ? undefined : ofText(provides),
      external: isExternal ? { kind: Kind.BOOLEAN, value: true } : undefined,
    }),
  );
  const kept = (field.directives ?? []).filter(({ name }) => name.value !== 'join__field');
  return { ...field, directives: [...kept, ...joinDirectives] };
}

function directive(
  name: string,
  values: Readonly<Record<string, ConstValueNode | undefined>>,
): ConstDirectiveNode {
  const given = Object.entries(values).flatMap(([key, value]): ConstArgumentNode[] =>
    value ? [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: key }, value }] : [],
  );
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: `join__${name}` },
    arguments: given,
  };
}

function ofEnum(value: string): ConstValueNode {
  return { kind: Kind.ENUM, value };
}

function ofText(value: string): ConstValueNode {
  return { kind: Kind.STRING, value };
}
