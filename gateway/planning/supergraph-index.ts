import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  type NamedTypeNode,
  print,
  type SelectionNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { directiveName, type Feature } from './features.ts';
import { parseFieldSet } from './field-set.ts';

/** A field as one subgraph has it. */
export interface FieldInGraph {
  readonly graph: number;
  /** True where the subgraph only knows it on a path that provides it. */
  readonly isExternal: boolean;
  /** What the subgraph needs of the entity to resolve it. */
  readonly requires: readonly SelectionNode[] | undefined;
  /** What it gives along, which is otherwise external. */
  readonly provides: readonly SelectionNode[] | undefined;
  /** The label of a progressive `@override`, and whether the field is resolved here when it is active. */
  readonly label: string | undefined;
  readonly isForActiveLabel: boolean;
  readonly contexts: readonly ContextUse[];
  /** The name of its type there. */
  readonly typename: string;
}

/** An argument that comes from an object around the field (`@fromContext`). */
export interface ContextUse {
  readonly argument: string;
  readonly type: string;
  readonly context: string;
  readonly selection: readonly SelectionNode[];
}

/** A way into a subgraph: by which key it finds entities. */
export interface Jump {
  readonly graph: number;
  /** As what the entity is represented: itself, or an interface, of which the object type need not be known. */
  readonly as: string;
  readonly isOfInterface: boolean;
  readonly key: readonly SelectionNode[];
}

/** A type in one subgraph. */
interface TypeInGraph {
  readonly keys: readonly (readonly SelectionNode[])[];
  readonly isInterfaceObject: boolean;
}

const nowhere: readonly FieldInGraph[] = [];

/** What the supergraph says of one type; everything is worked out when it is first asked for. */
export class IndexedType {
  readonly name: string;
  readonly isObject: boolean;
  readonly isUnion: boolean;
  readonly isComposite: boolean;
  private readonly definition: TypeDefinitionNode;
  private readonly index: SupergraphIndex;
  private readonly fields = new Map<string, FieldDefinitionNode>();
  private readonly offered = new Map<string, readonly FieldInGraph[]>();
  private readonly signatures = new Map<string, string>();
  private readonly kinds = new Map<string, string>();
  private readonly membersInGraph = new Map<number, ReadonlySet<string>>();
  private graphs: ReadonlyMap<number, TypeInGraph> | undefined;
  private possible: readonly string[] | undefined;
  private ways: readonly Jump[] | undefined;
  private waysInto: ReadonlyMap<number, readonly Jump[]> | undefined;
  private entityKind: string | undefined;

  constructor(definition: TypeDefinitionNode, index: SupergraphIndex) {
    this.definition = definition;
    this.index = index;
    this.name = definition.name.value;
    this.isObject = definition.kind === Kind.OBJECT_TYPE_DEFINITION;
    this.isUnion = definition.kind === Kind.UNION_TYPE_DEFINITION;
    this.isComposite =
      this.isObject || this.isUnion || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
    if ('fields' in definition) {
      for (const field of definition.fields ?? [])
        if (field.kind === Kind.FIELD_DEFINITION) this.fields.set(field.name.value, field);
    }
  }

  /** The subgraphs that have the type. */
  get inGraphs(): ReadonlyMap<number, TypeInGraph> {
    return (this.graphs ??= readGraphs(this.definition, this.index));
  }

  get interfaces(): readonly NamedTypeNode[] {
    return 'interfaces' in this.definition ? (this.definition.interfaces ?? []) : [];
  }

  /** The object types clients may meet; of a type that they cannot see, all. */
  get possibleTypes(): readonly string[] {
    return (this.possible ??= this.index.possibleTypesOf(this));
  }

  fieldType(field: string): TypeNode | undefined {
    return this.fields.get(field)?.type;
  }

  /** The field in each subgraph that has it, also by an interface object. */
  offers(field: string): readonly FieldInGraph[] {
    let found = this.offered.get(field);
    if (!found) this.offered.set(field, (found = this.readOffers(field)));
    return found;
  }

  /** The field in one subgraph. */
  offer(field: string, graph: number): FieldInGraph | undefined {
    for (const each of this.offers(field)) if (each.graph === graph) return each;
    return undefined;
  }

  /** Equal for fields that may share a response key (GraphQL spec §5.3.2) whatever subgraph is asked for them. */
  signature(field: string): string {
    let known = this.signatures.get(field);
    if (known === undefined) this.signatures.set(field, (known = this.readSignature(field)));
    return known;
  }

  /** Equal for fields of two types that are resolved in the same ways. */
  kindOf(field: string): string {
    let known = this.kinds.get(field);
    if (known === undefined) {
      known = `${this.signature(field)} ${this.offers(field).map(kindOfOffer).join(' ')}`;
      this.kinds.set(field, known);
    }
    return known;
  }

  /** Equal for types that are known, and found by the same keys, in the same subgraphs. */
  get kind(): string {
    this.entityKind ??= `${[...this.inGraphs.keys()].join()} ${this.jumps
      .map((jump) => `${jump.graph}${jump.isOfInterface ? jump.as : ''}{${textOf(jump.key)}}`)
      .join(' ')}`;
    return this.entityKind;
  }

  /** The ways to complete an entity of this type, those by its own name first. */
  get jumps(): readonly Jump[] {
    return (this.ways ??= this.readJumps());
  }

  /** The same by subgraph. */
  get jumpsInto(): ReadonlyMap<number, readonly Jump[]> {
    if (this.waysInto) return this.waysInto;
    const found = new Map<number, Jump[]>();
    for (const jump of this.jumps) {
      const known = found.get(jump.graph);
      if (known) known.push(jump);
      else found.set(jump.graph, [jump]);
    }
    return (this.waysInto = found);
  }

  /** The object types that an object of this type can be of in a subgraph; itself where that only knows an interface. */
  possibleIn(graph: number): ReadonlySet<string> {
    let found = this.membersInGraph.get(graph);
    if (!found) this.membersInGraph.set(graph, (found = this.readPossibleIn(graph)));
    return found;
  }

  /** True when a subgraph has an interface of the type in place of it (`@interfaceObject`). */
  isVeiledIn(graph: number): boolean {
    return !this.inGraphs.has(graph) && this.interfaceObjectIn(graph) !== undefined;
  }

  /** The interface that is an object in the subgraph and stands for this type. */
  interfaceObjectIn(graph: number): IndexedType | undefined {
    if (this.inGraphs.get(graph)?.isInterfaceObject === true) return this;
    for (const { name } of this.interfaces) {
      const around = this.index.type(name.value);
      if (around?.inGraphs.get(graph)?.isInterfaceObject === true) return around;
    }
    return undefined;
  }

  /** True when a subgraph says that this type implements the interface. */
  implementsIn(graph: number, name: string): boolean {
    return (this.definition.directives ?? []).some(
      (directive) =>
        directive.name.value === 'join__implements' &&
        this.index.graphOf(directive) === graph &&
        stringOf(directive, 'interface') === name,
    );
  }

  private readOffers(name: string): readonly FieldInGraph[] {
    const own = this.ownOffers(name);
    if (!this.isObject) return own;
    const inherited = this.interfaces.flatMap((each) => {
      const around = this.index.type(each.name.value);
      if (!around) return [];
      return around
        .ownOffers(name)
        .filter(
          ({ graph }) =>
            around.inGraphs.get(graph)?.isInterfaceObject === true && !this.inGraphs.has(graph),
        );
    });
    const known = new Set(own.map(({ graph }) => graph));
    return [...own, ...inherited.filter(({ graph }) => !known.has(graph))];
  }

  private ownOffers(name: string): readonly FieldInGraph[] {
    const field = this.fields.get(name);
    return field ? readOffers(field, this, this.index) : nowhere;
  }

  private readSignature(name: string): string {
    const type = this.fields.get(name)?.type;
    if (!type) return '';
    const texts = new Set([typeText(type)]);
    for (const directive of this.fields.get(name)?.directives ?? []) {
      const own = directive.name.value === 'join__field' ? stringOf(directive, 'type') : undefined;
      if (own !== undefined) texts.add(own);
    }
    const isLeaf = this.index.type(namedTypeOf(type))?.isComposite !== true;
    const plain = [...texts].map((text) => (isLeaf ? text : text.replace(/\w+/, '{}')));
    return [...new Set(plain)].sort().join('|');
  }

  private readJumps(): readonly Jump[] {
    const own: Jump[] = [];
    for (const [graph, { keys, isInterfaceObject }] of this.inGraphs) {
      for (const key of keys)
        own.push({ graph, as: this.name, isOfInterface: isInterfaceObject, key });
    }
    for (const { name } of this.interfaces) {
      const around = this.index.type(name.value);
      for (const [graph, { keys, isInterfaceObject }] of around?.inGraphs ?? []) {
        if (!isInterfaceObject && !this.implementsIn(graph, name.value)) continue;
        for (const key of keys) own.push({ graph, as: name.value, isOfInterface: true, key });
      }
    }
    return own;
  }

  private readPossibleIn(graph: number): ReadonlySet<string> {
    if (this.isObject || this.inGraphs.get(graph)?.isInterfaceObject === true)
      return new Set(this.possibleTypes);
    if (this.isUnion) {
      const here = (this.definition.directives ?? []).filter(
        (each) => each.name.value === 'join__unionMember' && this.index.graphOf(each) === graph,
      );
      const names = new Set(here.map((each) => stringOf(each, 'member')));
      return new Set(this.possibleTypes.filter((name) => names.has(name)));
    }
    return new Set(
      this.possibleTypes.filter((name) => this.index.type(name)?.implementsIn(graph, this.name)),
    );
  }
}

/**
 * What planning asks of a supergraph: which subgraph has which field of which type, and by which keys it finds an
 * entity. Made of the `join__` directives (https://specs.apollo.dev/join); a pure function of the document.
 */
export class SupergraphIndex {
  /** The names of the subgraphs; everywhere else a subgraph is its place in this list. */
  readonly graphNames: readonly string[];
  /** The types that set a context, by its name (`@context`). */
  readonly contextTypes: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly graphs = new Map<string, number>();
  private readonly definitions = new Map<string, TypeDefinitionNode>();
  private readonly types = new Map<string, IndexedType>();
  private readonly implementers = new Map<string, string[]>();
  private readonly isVisible: (name: string) => boolean;
  private readonly roots = new Map<string, string>([
    ['query', 'Query'],
    ['mutation', 'Mutation'],
    ['subscription', 'Subscription'],
  ]);

  constructor(document: DocumentNode, features: readonly Feature[], apiSchema: GraphQLSchema) {
    const names: string[] = [];
    const contexts = new Map<string, Set<string>>();
    const feature = features.find(({ name }) => name === 'context');
    const contextDirective = feature && directiveName(feature, 'context');
    for (const definition of document.definitions) {
      if (definition.kind === Kind.SCHEMA_DEFINITION) {
        for (const { operation, type } of definition.operationTypes)
          this.roots.set(operation, type.name.value);
      }
      if (!isTypeDefinition(definition)) continue;
      const name = definition.name.value;
      if (name === 'join__Graph' && definition.kind === Kind.ENUM_TYPE_DEFINITION) {
        for (const value of definition.values ?? []) {
          const graph = value.directives?.find((each) => each.name.value === 'join__graph');
          this.graphs.set(value.name.value, names.length);
          names.push((graph && stringOf(graph, 'name')) ?? value.name.value);
        }
        continue;
      }
      this.definitions.set(name, definition);
      if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) {
        for (const each of definition.interfaces ?? []) {
          const known = this.implementers.get(each.name.value);
          if (known) known.push(name);
          else this.implementers.set(each.name.value, [name]);
        }
      }
      if (contextDirective === undefined) continue;
      for (const directive of definition.directives ?? []) {
        const context = directive.name.value === contextDirective && stringOf(directive, 'name');
        if (typeof context !== 'string') continue;
        const known = contexts.get(context);
        if (known) known.add(name);
        else contexts.set(context, new Set([name]));
      }
    }
    this.graphNames = names;
    this.contextTypes = contexts;
    this.isVisible = (name) => apiSchema.getType(name) !== undefined;
  }

  type(name: string): IndexedType | undefined {
    let type = this.types.get(name);
    if (type) return type;
    const definition = this.definitions.get(name);
    if (!definition) return undefined;
    type = new IndexedType(definition, this);
    this.types.set(name, type);
    return type;
  }

  /** The name of a root type. */
  rootName(operation: string): string {
    return this.roots.get(operation) ?? '';
  }

  graphOf(directive: ConstDirectiveNode): number | undefined {
    const name = stringOf(directive, 'graph');
    return name === undefined ? undefined : this.graphs.get(name);
  }

  /** True when an object of the type is of another one too: an interface of it, or a union with it. */
  applies(condition: string, typename: string): boolean {
    if (condition === typename) return true;
    const definition = this.definitions.get(condition);
    if (definition?.kind === Kind.UNION_TYPE_DEFINITION)
      return definition.types?.some(({ name }) => name.value === typename) === true;
    return this.type(typename)?.interfaces.some(({ name }) => name.value === condition) === true;
  }

  possibleTypesOf({ name, isObject }: IndexedType): readonly string[] {
    if (isObject) return [name];
    const definition = this.definitions.get(name);
    const all =
      definition?.kind === Kind.UNION_TYPE_DEFINITION
        ? (definition.types ?? []).map((member) => member.name.value)
        : (this.implementers.get(name) ?? []);
    const visible = this.isVisible(name) ? all.filter(this.isVisible) : all;
    // What no type implements is what an interface object itself is.
    return visible.length > 0 ? visible : [name];
  }
}

/** A type as it is written. */
export function typeText(type: TypeNode): string {
  switch (type.kind) {
    case Kind.NAMED_TYPE:
      return type.name.value;
    case Kind.LIST_TYPE:
      return `[${typeText(type.type)}]`;
    case Kind.NON_NULL_TYPE:
      return `${typeText(type.type)}!`;
  }
}

/** The name inside lists and non-null. */
export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

function readGraphs(
  definition: TypeDefinitionNode,
  index: SupergraphIndex,
): ReadonlyMap<number, TypeInGraph> {
  const found = new Map<
    number,
    { keys: (readonly SelectionNode[])[]; isInterfaceObject: boolean }
  >();
  for (const directive of definition.directives ?? []) {
    if (directive.name.value !== 'join__type') continue;
    const graph = index.graphOf(directive);
    if (graph === undefined) continue;
    let known = found.get(graph);
    if (!known) found.set(graph, (known = { keys: [], isInterfaceObject: false }));
    if (isTrue(directive, 'isInterfaceObject')) known.isInterfaceObject = true;
    const key = stringOf(directive, 'key');
    if (key !== undefined && !isFalse(directive, 'resolvable')) known.keys.push(parseFieldSet(key));
  }
  return found;
}

function readOffers(
  field: FieldDefinitionNode,
  type: IndexedType,
  index: SupergraphIndex,
): readonly FieldInGraph[] {
  const typename = namedTypeOf(field.type);
  const directives = (field.directives ?? []).filter(({ name }) => name.value === 'join__field');
  if (directives.length === 0) {
    return [...type.inGraphs.keys()].map((graph) => ({ ...plain, graph, typename }));
  }
  return directives.flatMap((directive): FieldInGraph[] => {
    const graph = index.graphOf(directive);
    if (graph === undefined) return [];
    const own = stringOf(directive, 'type');
    const label = stringOf(directive, 'overrideLabel');
    const requires = stringOf(directive, 'requires');
    const provides = stringOf(directive, 'provides');
    return [
      {
        graph,
        typename: own === undefined ? typename : own.replaceAll(/[^\w]/g, ''),
        isExternal: isTrue(directive, 'external') || isTrue(directive, 'usedOverridden'),
        requires: requires === undefined ? undefined : parseFieldSet(requires),
        provides: provides === undefined ? undefined : parseFieldSet(provides),
        label: label === '' ? undefined : label,
        isForActiveLabel: stringOf(directive, 'override') !== undefined,
        contexts: readContexts(directive),
      },
    ];
  });
}

const plain = {
  isExternal: false,
  requires: undefined,
  provides: undefined,
  label: undefined,
  isForActiveLabel: false,
  contexts: [],
} as const;

function readContexts(directive: ConstDirectiveNode): readonly ContextUse[] {
  const list = valueOf(directive, 'contextArguments');
  if (list?.kind !== Kind.LIST) return plain.contexts;
  return list.values.flatMap((item) => {
    if (item.kind !== Kind.OBJECT) return [];
    const text = (name: string): string => {
      const value = item.fields.find((each) => each.name.value === name)?.value;
      return value?.kind === Kind.STRING ? value.value : '';
    };
    const selection = parseFieldSet(text('selection'));
    return [{ argument: text('name'), type: text('type'), context: text('context'), selection }];
  });
}

function kindOfOffer(offer: FieldInGraph): string {
  const { graph, isExternal, requires, provides, label, isForActiveLabel, contexts } = offer;
  const sets = [requires, provides, ...contexts.map(({ selection }) => selection)];
  return `${graph}${isExternal ? 'x' : ''}${sets.map((set) => (set ? `{${textOf(set)}}` : '')).join()}${label ?? ''}${isForActiveLabel ? '+' : ''}${offer.typename}`;
}

function textOf(selections: readonly SelectionNode[]): string {
  return selections.map(print).join(' ');
}

function isTypeDefinition(
  definition: DocumentNode['definitions'][number],
): definition is TypeDefinitionNode {
  return definition.kind.endsWith('TypeDefinition');
}

function valueOf(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((each) => each.name.value === name)?.value;
}

function stringOf(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = valueOf(directive, name);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

function isTrue(directive: ConstDirectiveNode, name: string): boolean {
  const value = valueOf(directive, name);
  return value?.kind === Kind.BOOLEAN && value.value;
}

function isFalse(directive: ConstDirectiveNode, name: string): boolean {
  const value = valueOf(directive, name);
  return value?.kind === Kind.BOOLEAN && !value.value;
}
