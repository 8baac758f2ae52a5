import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  print,
} from 'graphql';

/** The type of a field of a subgraph, as text; `undefined` for what only Federation adds. */
export type FieldTypes = (type: string, field: string) => string | undefined;

/** What the supergraph says of the types of fields in each subgraph. */
export class SubgraphTypes {
  private readonly graphs = new Map<string, string>();
  private readonly fields = new Map<string, FieldDefinitionNode>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (
        definition.kind === Kind.ENUM_TYPE_DEFINITION &&
        definition.name.value === 'join__Graph'
      ) {
        for (const { name, directives } of definition.values ?? []) {
          for (const directive of directives ?? []) {
            const subgraph = textOf(directive, 'name');
            if (subgraph !== undefined) this.graphs.set(subgraph, name.value);
          }
        }
      }
      for (const field of fieldsOf(definition)) {
        this.fields.set(`${field.type}.${field.definition.name.value}`, field.definition);
      }
    }
  }

  of(subgraph: string): FieldTypes {
    const graph = this.graphs.get(subgraph);
    return (type, name) => {
      const field = this.fields.get(`${type}.${name}`);
      const own = field?.directives?.find((directive) => textOf(directive, 'graph') === graph);
      return (own && textOf(own, 'type')) ?? (field && print(field.type));
    };
  }
}

/** True when a subgraph has another type for some field, or an object type has another than its interface. */
export function mayConflict(document: DocumentNode): boolean {
  const types = new Map<string, string>();
  const all = document.definitions.flatMap(fieldsOf);
  for (const { type, definition } of all)
    types.set(`${type}.${definition.name.value}`, print(definition.type));
  return all.some(({ type, definition, interfaces }) => {
    const own = types.get(`${type}.${definition.name.value}`);
    const differs = interfaces.some((name) => {
      const theirs = types.get(`${name}.${definition.name.value}`);
      return theirs !== undefined && theirs !== own;
    });
    return (
      differs || definition.directives?.some((each) => textOf(each, 'type') !== undefined) === true
    );
  });
}

interface TypeField {
  readonly type: string;
  readonly interfaces: readonly string[];
  readonly definition: FieldDefinitionNode;
}

function fieldsOf(definition: DocumentNode['definitions'][number]): readonly TypeField[] {
  if (
    definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
    definition.kind !== Kind.INTERFACE_TYPE_DEFINITION
  )
    return [];
  const interfaces = (definition.interfaces ?? []).map(({ name }) => name.value);
  return (definition.fields ?? []).map((field) => ({
    type: definition.name.value,
    interfaces,
    definition: field,
  }));
}

function textOf({ arguments: args }: ConstDirectiveNode, name: string): string | undefined {
  const value = args?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}
