import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  type TypeNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';

/** What the subgraphs together say of one field of one type. */
export interface FieldFacts {
  readonly type: TypeNode;
  /** The values of arguments that are not given. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** The subgraphs that resolve it. */
  readonly resolvedIn: ReadonlySet<string>;
  /** The subgraphs that have it as `@external`: they know it only where a path provides it. */
  readonly externalIn: ReadonlySet<string>;
  /** Which subgraph has taken it over from which, for requests in which the label is active. */
  readonly override: Override | undefined;
  /** What the subgraph that resolves it needs of the entity. */
  readonly requires: SelectionSetNode | undefined;
  /** What a subgraph gives along with it, by subgraph. */
  readonly provides: ReadonlyMap<string, SelectionSetNode>;
  /** Arguments that come from an object around the field (`@fromContext`). */
  readonly contextArguments: readonly ContextArgument[];
  /** True for a part of a key: its value tells entities apart. */
  readonly isKey: boolean;
  /** True where a resolver that fails would change more than this field, such as the input of another subgraph. */
  readonly isSteady: boolean;
  /** True where subgraphs do not agree on whether it may be null. */
  readonly isNeverNull: boolean;
}

/** An argument whose value is selected from the nearest object around that sets the context. */
export interface ContextArgument {
  readonly argument: string;
  readonly context: string;
  readonly selection: SelectionSetNode;
}

/** A field that is taken over, for all requests or with a label for those in which it is active. */
export interface Override {
  readonly from: string;
  readonly to: string;
  readonly label: string | undefined;
}

/** What the subgraphs together say of their types; everything of it is read from their schemas. */
export interface Catalog {
  /** The facts of a field of an object type, also when a subgraph adds it by `@interfaceObject`. */
  field(typename: string, field: string): FieldFacts;
  isEntity(typename: string): boolean;
  /** The object types that a subgraph's type stands for. */
  possibleTypes(subgraph: string, type: string): readonly string[];
  /** The keys by which a subgraph finds entities of a type. */
  keys(subgraph: string, typename: string): readonly SelectionSetNode[];
  /** The values of an enum that every subgraph knows. */
  enumValues(name: string): readonly string[] | undefined;
  /** True for an object type, an interface or a union. */
  isComposite(type: string): boolean;
  /** The contexts that objects of a type set. */
  contexts(typename: string): readonly string[];
  /** The names of fields that are worked out from others (`@requires`). */
  readonly dependentFields: ReadonlySet<string>;
  /** The names of fields that are worked out from objects around (`@fromContext`). */
  readonly contextFields: ReadonlySet<string>;
  /** The labels of progressive `@override`. */
  readonly labels: readonly string[];
}

/** Reads subgraph schemas, by name. */
export function readCatalog(schemas: Readonly<Record<string, string>>): Catalog {
  const reader = new CatalogReader();
  for (const [subgraph, schema] of Object.entries(schemas))
    reader.read(subgraph, withUsualRoots(parse(schema)));
  reader.settle();
  return reader;
}

/** The document with its root types under their usual names, which composition gives them. */
function withUsualRoots(document: DocumentNode): DocumentNode {
  const usual = new Map<string, string>();
  const heads = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;
  visit(document, {
    OperationTypeDefinition: ({ operation, type }) =>
      void usual.set(type.name.value, heads[operation]),
  });
  return visit(document, {
    Name: (name, _key, parent) => {
      const value = usual.get(name.value);
      const isType =
        parent &&
        'kind' in parent &&
        (parent.kind === Kind.NAMED_TYPE || parent.kind.startsWith('Object'));
      return value === undefined || !isType ? undefined : { ...name, value };
    },
  });
}

/** A selection of fields as directives of Federation write it. */
function parseFieldSet(text: string): SelectionSetNode {
  const [definition] = parse(`{${text}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`No field set: ${text}.`);
  return definition.selectionSet;
}

interface MutableFacts {
  readonly type: TypeNode;
  readonly defaults: Readonly<Record<string, unknown>>;
  resolvedIn: Set<string>;
  externalIn: Set<string>;
  override: Override | undefined;
  requires: SelectionSetNode | undefined;
  provides: Map<string, SelectionSetNode>;
  contextArguments: ContextArgument[];
  isKey: boolean;
  isSteady: boolean;
  isNeverNull: boolean;
}

class CatalogReader implements Catalog {
  private readonly fields = new Map<string, MutableFacts>();
  private readonly objects = new Set<string>();
  private readonly entities = new Set<string>();
  /** Object types below an abstract one, by subgraph and type; all subgraphs together under the empty name. */
  private readonly members = new Map<string, Set<string>>();
  private readonly interfaces = new Map<string, Set<string>>();
  private readonly keySets = new Map<string, SelectionSetNode[]>();
  private readonly interfaceObjects = new Set<string>();
  private readonly enums = new Map<string, string[]>();
  /** The contexts that types set, by type. */
  private readonly contextNames = new Map<string, Set<string>>();

  field(typename: string, field: string): FieldFacts {
    const own = this.fields.get(`${typename}.${field}`);
    if (own) return own;
    for (const name of this.interfaces.get(typename) ?? []) {
      const inherited = this.fields.get(`${name}.${field}`);
      if (inherited && inherited.resolvedIn.size > 0) return inherited;
    }
    throw new Error(`Expected a field of the subgraphs; got ${typename}.${field}.`);
  }

  isEntity(typename: string): boolean {
    return this.entities.has(typename);
  }

  possibleTypes(subgraph: string, type: string): readonly string[] {
    if (this.interfaceObjects.has(`${subgraph} ${type}`)) return this.membersOf('', type);
    return this.objects.has(type) ? [type] : this.membersOf(subgraph, type);
  }

  keys(subgraph: string, typename: string): readonly SelectionSetNode[] {
    return this.keySets.get(`${subgraph} ${typename}`) ?? [];
  }

  enumValues(name: string): readonly string[] | undefined {
    return this.enums.get(name);
  }

  get dependentFields(): ReadonlySet<string> {
    return this.namesOf(({ requires }) => requires !== undefined);
  }

  get contextFields(): ReadonlySet<string> {
    return this.namesOf(({ contextArguments }) => contextArguments.length > 0);
  }

  contexts(typename: string): readonly string[] {
    const types = [typename, ...(this.interfaces.get(typename) ?? [])];
    return types.flatMap((type) => [...(this.contextNames.get(type) ?? [])]);
  }

  get labels(): readonly string[] {
    return [...this.fields.values()].flatMap(({ override }) => override?.label ?? []);
  }

  isComposite(type: string): boolean {
    return this.objects.has(type) || this.members.has(` ${type}`);
  }

  read(subgraph: string, document: DocumentNode): void {
    for (const definition of document.definitions) {
      switch (definition.kind) {
        case Kind.OBJECT_TYPE_DEFINITION:
        case Kind.OBJECT_TYPE_EXTENSION:
        case Kind.INTERFACE_TYPE_DEFINITION: {
          const { name, fields, interfaces, directives } = definition;
          const isInterfaceObject = hasDirective(directives, 'interfaceObject');
          const isInterface = definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
          if (isInterfaceObject) this.interfaceObjects.add(`${subgraph} ${name.value}`);
          else if (!isInterface) this.objects.add(name.value);
          for (const each of interfaces ?? []) {
            addTo(this.interfaces, name.value, each.name.value);
            if (!isInterface) this.addMember(subgraph, each.name.value, name.value);
          }
          this.readKeys(subgraph, name.value, directives);
          for (const each of directives ?? [])
            if (each.name.value === 'context')
              addTo(this.contextNames, name.value, argumentOf(each, 'name') ?? '');
          if (isInterface) break;
          const isShareable = hasDirective(directives, 'shareable');
          for (const field of fields ?? [])
            this.readField(subgraph, name.value, field, isShareable);
          break;
        }
        case Kind.UNION_TYPE_DEFINITION:
          for (const { name } of definition.types ?? [])
            this.addMember(subgraph, definition.name.value, name.value);
          break;
        case Kind.ENUM_TYPE_DEFINITION: {
          const values = (definition.values ?? []).map(({ name }) => name.value);
          const known = this.enums.get(definition.name.value);
          const common = known?.filter((value) => values.includes(value)) ?? values;
          this.enums.set(definition.name.value, common);
          break;
        }
        default:
      }
    }
  }

  /** What can only be said when all subgraphs are read: which fields are parts of keys or needed by others. */
  settle(): void {
    for (const [at, sets] of this.keySets) {
      const [, typename = ''] = at.split(' ');
      for (const set of sets) this.mark(typename, set, (facts) => (facts.isKey = true));
    }
    for (const [coordinate, { requires }] of this.fields) {
      const [typename = ''] = coordinate.split('.');
      if (requires) this.mark(typename, requires, (facts) => (facts.isSteady = true));
    }
    for (const { contextArguments } of this.fields.values()) {
      for (const { context, selection } of contextArguments) {
        for (const [type, names] of this.contextNames)
          if (names.has(context)) this.mark(type, selection, (facts) => (facts.isSteady = true));
      }
    }
  }

  private namesOf(isMeant: (facts: MutableFacts) => boolean): ReadonlySet<string> {
    const found = [...this.fields].filter(([, facts]) => isMeant(facts));
    return new Set(found.map(([coordinate]) => coordinate.slice(coordinate.indexOf('.') + 1)));
  }

  private readKeys(
    subgraph: string,
    typename: string,
    directives: readonly ConstDirectiveNode[] | undefined,
  ): void {
    for (const directive of directives ?? []) {
      if (directive.name.value !== 'key') continue;
      this.entities.add(typename);
      if (argumentOf(directive, 'resolvable') === 'false') continue;
      const at = `${subgraph} ${typename}`;
      const known = this.keySets.get(at) ?? [];
      this.keySets.set(at, [...known, parseFieldSet(argumentOf(directive, 'fields') ?? '')]);
    }
  }

  private readField(
    subgraph: string,
    typename: string,
    definition: FieldDefinitionNode,
    isInShareable: boolean,
  ): void {
    const { name, type, directives } = definition;
    const coordinate = `${typename}.${name.value}`;
    let facts = this.fields.get(coordinate);
    if (!facts) this.fields.set(coordinate, (facts = factsOf(definition)));
    if (print(facts.type) !== print(type)) facts.isNeverNull = true;
    if (hasDirective(directives, 'external')) facts.externalIn.add(subgraph);
    else facts.resolvedIn.add(subgraph);
    facts.contextArguments.push(...contextArgumentsOf(definition));
    // A shared value is fetched where it is handy, so that a failure would strike other fields in one plan than in another.
    if (isInShareable && facts.isNeverNull) facts.isSteady = true;
    for (const directive of directives ?? []) {
      const fields = argumentOf(directive, 'fields') ?? '';
      if (directive.name.value === 'requires') facts.requires = parseFieldSet(fields);
      if (directive.name.value === 'provides') facts.provides.set(subgraph, parseFieldSet(fields));
      const from = argumentOf(directive, 'from');
      if (directive.name.value === 'override' && from !== undefined)
        facts.override = { from, to: subgraph, label: argumentOf(directive, 'label') };
    }
  }

  private addMember(subgraph: string, type: string, member: string): void {
    addTo(this.members, `${subgraph} ${type}`, member);
    addTo(this.members, ` ${type}`, member);
  }

  private membersOf(subgraph: string, type: string): readonly string[] {
    return [...(this.members.get(`${subgraph} ${type}`) ?? [])].sort();
  }

  private mark(typename: string, set: SelectionSetNode, how: (facts: MutableFacts) => void): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value ?? typename;
        this.mark(condition, selection.selectionSet, how);
      }
      if (selection.kind !== Kind.FIELD || selection.name.value === '__typename') continue;
      const { value: field } = selection.name;
      for (const type of this.objects.has(typename)
        ? [typename]
        : [typename, ...this.membersOf('', typename)]) {
        const facts = this.fields.get(`${type}.${field}`);
        if (!facts) continue;
        how(facts);
        if (selection.selectionSet) {
          facts.isSteady = true;
          this.mark(namedType(facts.type), selection.selectionSet, how);
        }
      }
    }
  }
}

/** The name of the type inside lists and non-null. */
export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function factsOf({ type, arguments: args = [] }: FieldDefinitionNode): MutableFacts {
  return {
    type,
    defaults: Object.fromEntries(
      args.flatMap(({ name, defaultValue }) =>
        defaultValue ? [[name.value, valueFromASTUntyped(defaultValue)]] : [],
      ),
    ),
    resolvedIn: new Set(),
    externalIn: new Set(),
    override: undefined,
    requires: undefined,
    provides: new Map(),
    contextArguments: [],
    isKey: false,
    isSteady: false,
    isNeverNull: false,
  };
}

/** `@fromContext(field: "$name { selection }")` of the arguments. */
function contextArgumentsOf({ arguments: args = [] }: FieldDefinitionNode): ContextArgument[] {
  return args.flatMap(({ name, directives }) => {
    const directive = directives?.find((each) => each.name.value === 'fromContext');
    const field = directive && argumentOf(directive, 'field');
    const [, context, selection] = /^\s*\$(\w+)\s*(.*)$/s.exec(field ?? '') ?? [];
    if (context === undefined || selection === undefined) return [];
    const fields = selection.replace(/^\{(.*)\}\s*$/s, '$1');
    return [{ argument: name.value, context, selection: parseFieldSet(fields) }];
  });
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const known = sets.get(key);
  if (known) known.add(value);
  else sets.set(key, new Set([value]));
}

function hasDirective(
  directives: readonly ConstDirectiveNode[] | undefined,
  wanted: string,
): boolean {
  return directives?.some(({ name }) => name.value === wanted) === true;
}

function argumentOf(directive: ConstDirectiveNode, wanted: string): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === wanted)?.value;
  if (value?.kind === Kind.STRING) return value.value;
  return value?.kind === Kind.BOOLEAN ? String(value.value) : undefined;
}
