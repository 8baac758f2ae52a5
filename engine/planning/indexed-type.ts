import {
  type FieldDefinitionNode,
  Kind,
  type NamedTypeNode,
  print,
  type SelectionNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { textOf } from '../supergraph/directive-arguments.ts';
import { namedTypeOf, typeText } from '../supergraph/type-nodes.ts';
import {
  type FieldInGraph,
  type GraphOf,
  readGraphs,
  readOffers,
  type TypeInGraph,
} from './join-directives.ts';

/** A way to fetch an entity from a subgraph: the key it is looked up by. */
export interface EntityKey {
  readonly graph: number;
  /**
   * The `__typename` of the representation: the type itself, or an interface, which works without knowing the object
   * type.
   */
  readonly as: string;
  readonly isOfInterface: boolean;
  readonly key: readonly SelectionNode[];
}
/** What a type needs to know about the others. */
export interface TypeLookup {
  readonly graphOf: GraphOf;
  type(name: string): IndexedType | undefined;
  possibleTypesOf(type: IndexedType): readonly string[];
  /** A number that identifies a string. */
  idOfText(text: string): number;
}

const noOffers: readonly FieldInGraph[] = [];

/** The supergraph's information about one type; everything is computed on first use. */
export class IndexedType {
  readonly name: string;
  readonly isObject: boolean;
  readonly isUnion: boolean;
  readonly isComposite: boolean;
  private readonly definition: TypeDefinitionNode;
  private readonly index: TypeLookup;
  private readonly fields = new Map<string, FieldDefinitionNode>();
  private readonly offered = new Map<string, readonly FieldInGraph[]>();
  private readonly conditional = new Map<string, boolean>();
  private readonly signatures = new Map<string, number>();
  private readonly kinds = new Map<string, number>();
  private readonly membersInGraph = new Map<number, ReadonlySet<string>>();
  private graphs: ReadonlyMap<number, TypeInGraph> | undefined;
  private possible: readonly string[] | undefined;
  private knownKeys: readonly EntityKey[] | undefined;
  private knownKeysIn: ReadonlyMap<number, readonly EntityKey[]> | undefined;
  private entityKind: number | undefined;

  constructor(definition: TypeDefinitionNode, index: TypeLookup) {
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
    return (this.graphs ??= readGraphs(this.definition, this.index.graphOf));
  }

  get interfaces(): readonly NamedTypeNode[] {
    return 'interfaces' in this.definition ? (this.definition.interfaces ?? []) : [];
  }

  /** The possible object types in the API schema; all of them for a hidden type. */
  get possibleTypes(): readonly string[] {
    return (this.possible ??= this.index.possibleTypesOf(this));
  }

  fieldType(field: string): TypeNode | undefined {
    return this.fields.get(field)?.type;
  }

  /** The field in each subgraph that has it, including through an interface object. */
  offers(field: string): readonly FieldInGraph[] {
    let found = this.offered.get(field);
    if (!found) this.offered.set(field, (found = this.readOffers(field)));
    return found;
  }

  /** True for a field that some subgraph cannot resolve immediately once it has the object. */
  isConditional(field: string): boolean {
    let known = this.conditional.get(field);
    if (known === undefined) {
      known = this.offers(field).some(
        ({ requires, contexts, graph }) =>
          requires !== undefined || contexts.length > 0 || this.isInterfaceObjectIn(graph),
      );
      this.conditional.set(field, known);
    }
    return known;
  }

  /** The field in one subgraph. */
  offer(field: string, graph: number): FieldInGraph | undefined {
    for (const each of this.offers(field)) if (each.graph === graph) return each;
    return undefined;
  }

  /** Equal for fields that may share a response key (GraphQL spec §5.3.2) in every subgraph. */
  signature(field: string): number {
    let known = this.signatures.get(field);
    if (known === undefined) {
      known = this.index.idOfText(this.readSignature(field));
      this.signatures.set(field, known);
    }
    return known;
  }

  /** Equal for fields of two types that are resolved in the same ways. */
  kindOf(field: string): number {
    let known = this.kinds.get(field);
    if (known === undefined) {
      const offers = this.offers(field).map(kindOfOffer);
      known = this.index.idOfText(`${this.signature(field)} ${offers.join(' ')}`);
      this.kinds.set(field, known);
    }
    return known;
  }

  /** Equal for types that exist, and are found by the same keys, in the same subgraphs. */
  get kind(): number {
    if (this.entityKind === undefined) {
      const entityKeys = this.entityKeys.map(
        ({ graph, isOfInterface, as, key }) =>
          `${graph}${isOfInterface ? as : ''}{${fieldSetText(key)}}`,
      );
      this.entityKind = this.index.idOfText(
        `${[...this.inGraphs.keys()].join()} ${entityKeys.join(' ')}`,
      );
    }
    return this.entityKind;
  }

  /** The ways to fetch an entity of this type; those by its own name first. */
  get entityKeys(): readonly EntityKey[] {
    return (this.knownKeys ??= this.readEntityKeys());
  }

  /** The same ways, grouped by subgraph. */
  get entityKeysIn(): ReadonlyMap<number, readonly EntityKey[]> {
    if (this.knownKeysIn) return this.knownKeysIn;
    const found = new Map<number, EntityKey[]>();
    for (const entityKey of this.entityKeys) {
      const known = found.get(entityKey.graph);
      if (known) known.push(entityKey);
      else found.set(entityKey.graph, [entityKey]);
    }
    return (this.knownKeysIn = found);
  }

  /**
   * The object types that an object of this type can have in a subgraph; the type itself when the subgraph knows only
   * an interface object.
   */
  possibleIn(graph: number): ReadonlySet<string> {
    let found = this.membersInGraph.get(graph);
    if (!found) this.membersInGraph.set(graph, (found = this.readPossibleIn(graph)));
    return found;
  }

  /** True when a subgraph has an interface object in place of the type (`@interfaceObject`). */
  isInterfaceObjectIn(graph: number): boolean {
    return !this.inGraphs.has(graph) && this.interfaceObjectIn(graph) !== undefined;
  }

  /** The interface that a subgraph has as an object in place of this type. */
  interfaceObjectIn(graph: number): IndexedType | undefined {
    if (this.inGraphs.get(graph)?.isInterfaceObject === true) return this;
    for (const { name } of this.interfaces) {
      const interfaceType = this.index.type(name.value);
      if (interfaceType?.inGraphs.get(graph)?.isInterfaceObject === true) return interfaceType;
    }
    return undefined;
  }

  /** True when the type implements the interface in a subgraph. */
  implementsIn(graph: number, name: string): boolean {
    return (this.definition.directives ?? []).some(
      (directive) =>
        directive.name.value === 'join__implements' &&
        this.index.graphOf(directive) === graph &&
        textOf(directive, 'interface') === name,
    );
  }

  private readOffers(name: string): readonly FieldInGraph[] {
    const own = this.ownOffers(name);
    if (!this.isObject) return own;
    const inherited = this.interfaces.flatMap((each) => {
      const interfaceType = this.index.type(each.name.value);
      if (!interfaceType) return [];
      return interfaceType
        .ownOffers(name)
        .filter(
          ({ graph }) =>
            interfaceType.inGraphs.get(graph)?.isInterfaceObject === true &&
            !this.inGraphs.has(graph),
        );
    });
    const known = new Set(own.map(({ graph }) => graph));
    return [...own, ...inherited.filter(({ graph }) => !known.has(graph))];
  }

  private ownOffers(name: string): readonly FieldInGraph[] {
    const field = this.fields.get(name);
    return field ? readOffers(field, this.inGraphs.keys(), this.index.graphOf) : noOffers;
  }

  private readSignature(name: string): string {
    const type = this.fields.get(name)?.type;
    if (!type) return '';
    const texts = new Set([typeText(type)]);
    for (const directive of this.fields.get(name)?.directives ?? []) {
      const own = directive.name.value === 'join__field' ? textOf(directive, 'type') : undefined;
      if (own !== undefined) texts.add(own);
    }
    const isLeaf = this.index.type(namedTypeOf(type))?.isComposite !== true;
    const plain = [...texts].map((text) => (isLeaf ? text : text.replace(/\w+/, '{}')));
    return [...new Set(plain)].sort().join('|');
  }

  private readEntityKeys(): readonly EntityKey[] {
    const own: EntityKey[] = [];
    for (const [graph, { keys, isInterfaceObject }] of this.inGraphs) {
      for (const key of keys)
        own.push({ graph, as: this.name, isOfInterface: isInterfaceObject, key });
    }
    for (const { name } of this.interfaces) {
      const interfaceType = this.index.type(name.value);
      for (const [graph, { keys, isInterfaceObject }] of interfaceType?.inGraphs ?? []) {
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
      const names = new Set(here.map((each) => textOf(each, 'member')));
      return new Set(this.possibleTypes.filter((name) => names.has(name)));
    }
    return new Set(
      this.possibleTypes.filter((name) => this.index.type(name)?.implementsIn(graph, this.name)),
    );
  }
}
function kindOfOffer(offer: FieldInGraph): string {
  const { graph, isExternal, requires, provides, label, isForActiveLabel, contexts } = offer;
  const sets = [requires, provides, ...contexts.map(({ selection }) => selection)];
  return `${graph}${isExternal ? 'x' : ''}${sets.map((set) => (set ? `{${fieldSetText(set)}}` : '')).join()}${label ?? ''}${isForActiveLabel ? '+' : ''}${offer.typename}`;
}
function fieldSetText(selections: readonly SelectionNode[]): string {
  return selections.map(print).join(' ');
}
