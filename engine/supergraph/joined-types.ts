import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type SelectionSetNode,
  type TypeDefinitionNode,
} from 'graphql';
import { textOf } from './directive-arguments.ts';
import { namedTypeOf } from './type-nodes.ts';

/** A type in one subgraph. */
export interface TypeJoin {
  readonly graph: string;
  readonly key: string | undefined;
}

/** A field in one subgraph. */
export interface FieldJoin {
  readonly requires: string | undefined;
  readonly provides: string | undefined;
  readonly isExternal: boolean;
}

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

const defaultJoin: FieldJoin = { requires: undefined, provides: undefined, isExternal: false };

/**
 * Infers the subgraphs of types and fields in a join v0.1 document, which leaves some of them implicit. An entity has
 * an owner, which resolves its fields unless they state otherwise. A value type is in every subgraph whose fields lead
 * to it. Fields in a key, `@requires` or `@provides` exist in that subgraph implicitly.
 */
export class JoinedTypes {
  private readonly types: ReadonlyMap<string, TypeDefinitionNode>;
  private readonly graphs: readonly string[];
  private readonly roots: ReadonlySet<string>;
  private readonly implementers = new Map<string, string[]>();
  private readonly joins = new Map<string, TypeJoin[]>();
  private readonly fields = new Map<string, Map<string, FieldJoin>>();

  /** `types` are the graph's own types, without those of specifications. */
  constructor(document: DocumentNode, types: readonly TypeDefinitionNode[]) {
    this.types = new Map(types.map((type) => [type.name.value, type]));
    this.graphs = graphNames(document);
    this.roots = rootNames(document);
    for (const type of types) this.readType(type);
    for (const graph of this.graphs) this.addReached(graph);
    for (const joins of this.joins.values())
      if (joins.length === 0)
        joins.push(...this.graphs.map((graph) => ({ graph, key: undefined })));
    for (const type of types) this.addFieldSets(type);
    for (const type of types) this.addInterfaceFields(type);
  }

  joinsOf(type: string): readonly TypeJoin[] {
    return this.joins.get(type) ?? [];
  }

  graphsOf(type: string): readonly string[] {
    return [...new Set(this.joinsOf(type).map(({ graph }) => graph))];
  }

  /** `undefined` for a field that every subgraph with the type resolves. */
  fieldJoins(type: string, field: string): ReadonlyMap<string, FieldJoin> | undefined {
    return this.fields.get(`${type}.${field}`);
  }

  /** The interfaces of a type, each for the subgraphs that have both. */
  implementationsOf(type: Composite): readonly { readonly graph: string; readonly of: string }[] {
    return (type.interfaces ?? []).flatMap(({ name }) =>
      this.graphsOf(name.value)
        .filter((graph) => this.hasType(type.name.value, graph))
        .map((graph) => ({ graph, of: name.value })),
    );
  }

  private readType(type: TypeDefinitionNode): void {
    const name = type.name.value;
    const joins: TypeJoin[] = [];
    let owner: string | undefined;
    for (const directive of type.directives ?? []) {
      const graph = textOf(directive, 'graph');
      if (graph === undefined) continue;
      if (directive.name.value === 'join__owner') owner = graph;
      if (directive.name.value === 'join__type')
        joins.push({ graph, key: textOf(directive, 'key') });
    }
    if (owner !== undefined && !joins.some(({ graph }) => graph === owner))
      joins.push({ graph: owner, key: undefined });
    this.joins.set(name, joins);
    if (!isComposite(type)) return;
    for (const each of type.interfaces ?? []) {
      const known = this.implementers.get(each.name.value) ?? [];
      this.implementers.set(each.name.value, [...known, name]);
    }
    for (const field of type.fields ?? []) {
      const fieldJoins = readField(field);
      if (fieldJoins.size > 0) this.fields.set(`${name}.${field.name.value}`, fieldJoins);
      else if (owner !== undefined)
        this.fields.set(`${name}.${field.name.value}`, new Map([[owner, defaultJoin]]));
    }
  }

  /** Adds a subgraph to the types that are reachable from its root types and keys. */
  private addReached(graph: string): void {
    const seen = new Set<string>();
    const pending: string[] = [...this.roots];
    for (const [name, joins] of this.joins) {
      const keys = joins.filter((join) => join.graph === graph && join.key !== undefined);
      if (keys.length > 0) pending.push(name);
      for (const { key } of keys) pending.push(...this.typesIn(key, name));
    }
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      const type = this.types.get(name);
      if (!type || seen.has(name)) continue;
      seen.add(name);
      pending.push(...this.reachedFrom(type, graph));
    }
    for (const name of seen) {
      const joins = this.joins.get(name);
      const type = this.types.get(name);
      if (!type || !joins || joins.some((join) => join.graph === graph)) continue;
      // Only for types without `@join__type`. A type without fields in the subgraph is not part of it.
      const isSaid = (type.directives ?? []).some((each) => each.name.value === 'join__type');
      if (isSaid || (isComposite(type) && !this.hasFieldsIn(type, graph))) continue;
      joins.push({ graph, key: undefined });
    }
  }

  private reachedFrom(type: TypeDefinitionNode, graph: string): string[] {
    const name = type.name.value;
    switch (type.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION: {
        const fields = (type.fields ?? []).filter((field) => this.hasField(name, field, graph));
        const below = fields.flatMap((field) => {
          const join = this.fields.get(`${name}.${field.name.value}`)?.get(graph);
          const provided = this.typesIn(join?.provides, namedTypeOf(field.type));
          return [...typesOf(field), ...this.typesIn(join?.requires, name), ...provided];
        });
        const around = (type.interfaces ?? []).map((each) => each.name.value);
        return [...below, ...around, ...(this.implementers.get(name) ?? [])];
      }
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        return (type.fields ?? []).map((field) => namedTypeOf(field.type));
      case Kind.UNION_TYPE_DEFINITION:
        return (type.types ?? []).map((member) => member.name.value);
      default:
        return [];
    }
  }

  private hasFieldsIn(type: Composite, graph: string): boolean {
    return (type.fields ?? []).some((field) => this.hasField(type.name.value, field, graph));
  }

  private hasField(type: string, field: FieldDefinitionNode, graph: string): boolean {
    return this.fields.get(`${type}.${field.name.value}`)?.has(graph) ?? true;
  }

  /** The types of the fields in a field set, and of their arguments. */
  private typesIn(fields: string | undefined, type: string): string[] {
    const found: string[] = [];
    this.walk(fields, type, (_, field) => found.push(...typesOf(field)));
    return found;
  }

  /** The fields of a key are resolved in its subgraph; required and provided fields are external there. */
  private addFieldSets(type: TypeDefinitionNode): void {
    const name = type.name.value;
    for (const { graph, key } of this.joinsOf(name)) this.addFields(key, name, graph, false);
    if (!isComposite(type)) return;
    for (const field of type.fields ?? []) {
      for (const [graph, join] of this.fields.get(`${name}.${field.name.value}`) ?? []) {
        this.addFields(join.requires, name, graph, true);
        this.addFields(join.provides, namedTypeOf(field.type), graph, true);
      }
    }
  }

  private addFields(
    set: string | undefined,
    type: string,
    graph: string,
    isExternal: boolean,
  ): void {
    this.walk(set, type, (parent, field) => {
      const joins = this.joins.get(parent);
      if (joins && !this.hasType(parent, graph)) joins.push({ graph, key: undefined });
      const known = this.fields.get(`${parent}.${field.name.value}`);
      const there = known?.get(graph);
      if (!known || (there && (isExternal || !there.isExternal))) return;
      known.set(graph, { ...defaultJoin, isExternal });
    });
  }

  /** A field of an interface is external on its implementations in that subgraph, unless they state more about it. */
  private addInterfaceFields(type: TypeDefinitionNode): void {
    if (!isComposite(type)) return;
    const name = type.name.value;
    for (const { graph, of } of this.implementationsOf(type)) {
      const around = this.types.get(of);
      if (!around || !isComposite(around)) continue;
      for (const field of around.fields ?? []) {
        if (!this.hasField(of, field, graph)) continue;
        const known = this.fields.get(`${name}.${field.name.value}`);
        if (known && !known.has(graph)) known.set(graph, { ...defaultJoin, isExternal: true });
      }
    }
  }

  private hasType(type: string, graph: string): boolean {
    return this.joins.get(type)?.some((join) => join.graph === graph) === true;
  }

  private walk(
    fields: string | undefined,
    type: string,
    visit: (type: string, field: FieldDefinitionNode) => void,
  ): void {
    if (fields === undefined) return;
    const text = fields.trim().startsWith('{') ? fields : `{${fields}}`;
    const [definition] = parse(text, { noLocation: true }).definitions;
    if (definition?.kind !== Kind.OPERATION_DEFINITION) return;
    this.walkSet(definition.selectionSet, type, visit);
  }

  private walkSet(
    set: SelectionSetNode,
    name: string,
    visit: (type: string, field: FieldDefinitionNode) => void,
  ): void {
    const type = this.types.get(name);
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        this.walkSet(selection.selectionSet, selection.typeCondition?.name.value ?? name, visit);
      if (selection.kind !== Kind.FIELD || !type || !isComposite(type)) continue;
      const field = type.fields?.find((each) => each.name.value === selection.name.value);
      if (!field) continue;
      visit(name, field);
      if (selection.selectionSet)
        this.walkSet(selection.selectionSet, namedTypeOf(field.type), visit);
    }
  }
}

function readField(field: FieldDefinitionNode): Map<string, FieldJoin> {
  const joins = new Map<string, FieldJoin>();
  for (const directive of field.directives ?? []) {
    const graph = directive.name.value === 'join__field' ? textOf(directive, 'graph') : undefined;
    if (graph === undefined) continue;
    joins.set(graph, {
      requires: textOf(directive, 'requires'),
      provides: textOf(directive, 'provides'),
      isExternal: false,
    });
  }
  return joins;
}

function typesOf({ type, arguments: args = [] }: FieldDefinitionNode): string[] {
  return [type, ...args.map((argument) => argument.type)].map(namedTypeOf);
}

function graphNames({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph'
      ? (definition.values ?? []).map(({ name }) => name.value)
      : [],
  );
}

function rootNames({ definitions }: DocumentNode): Set<string> {
  return new Set(
    definitions.flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION
        ? definition.operationTypes.map(({ type }) => type.name.value)
        : [],
    ),
  );
}

function isComposite(type: TypeDefinitionNode): type is Composite {
  return type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION;
}
