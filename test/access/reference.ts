import {
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Says whether a viewer may see a type or a field, by its coordinate. */
export type MaySee = (coordinate: string) => boolean;

/** The input of the reference. */
export interface ReferenceInput {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly maySee: MaySee;
  /** The response to the unfiltered operation, in which each object has its type under `typeKey`. */
  readonly data: unknown;
  readonly typeKey: string;
}

interface Part {
  readonly set: SelectionSetNode;
  readonly type: GraphQLCompositeType;
  /** The object types that the enclosing conditions include. */
  readonly scope: readonly string[];
  readonly isRemoved: boolean;
}

interface Occurrence {
  readonly node: FieldNode;
  readonly inner: Part | undefined;
  readonly isRemoved: boolean;
}

/** Null where it is not allowed. */
const invalid = Symbol('invalid');

/**
 * The expected response for a viewer, made from the response to the unfiltered operation, object by object: removed
 * fields are null, and null propagates from non-null positions (GraphQL spec §6.4.4). `removed` are the removed places,
 * in response keys.
 */
export function referenceAnswer(input: ReferenceInput): {
  readonly data: unknown;
  readonly removed: readonly string[];
} {
  const reference = new Reference(input);
  return { data: reference.answer(), removed: reference.removed };
}

class Reference {
  readonly removed: string[] = [];
  private readonly input: ReferenceInput;

  constructor(input: ReferenceInput) {
    this.input = input;
  }

  answer(): unknown {
    const { schema, operation, data } = this.input;
    const type = schema.getRootType(operation.operation);
    if (!type) throw new Error('Expected a root type.');
    const part = { set: operation.selectionSet, type, scope: [type.name], isRemoved: false };
    const value = this.object(type, [part], data as Record<string, unknown>, '');
    return value === invalid ? null : value;
  }

  private object(
    type: GraphQLObjectType,
    parts: readonly Part[],
    source: Readonly<Record<string, unknown>>,
    path: string,
  ): unknown {
    const fields = new Map<string, Occurrence[]>();
    for (const part of parts) this.collect(part, type, fields);
    const entries: [string, unknown][] = [];
    let isValid = true;
    for (const [key, occurrences] of fields) {
      const [first] = occurrences;
      const definition = type.getFields()[first?.node.name.value ?? ''];
      if (!definition) {
        entries.push([key, source[key]]);
        continue;
      }
      const place = `${path}/${key}`;
      if (occurrences.some(({ isRemoved }) => isRemoved)) this.removed.push(place);
      const value = occurrences.every(({ isRemoved }) => isRemoved)
        ? this.nothing(definition.type)
        : this.value(definition.type, occurrences, source[key], place);
      if (value === invalid) isValid = false;
      entries.push([key, value]);
    }
    return isValid ? Object.fromEntries(entries) : invalid;
  }

  private nothing(type: GraphQLOutputType): unknown {
    return isNonNullType(type) ? invalid : null;
  }

  private value(
    type: GraphQLOutputType,
    occurrences: readonly Occurrence[],
    source: unknown,
    path: string,
  ): unknown {
    if (isNonNullType(type)) return this.nullable(type.ofType, occurrences, source, path);
    const value = this.nullable(type, occurrences, source, path);
    return value === invalid ? null : value;
  }

  private nullable(
    type: GraphQLOutputType,
    occurrences: readonly Occurrence[],
    source: unknown,
    path: string,
  ): unknown {
    if (source === null || source === undefined) return source;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const of = nullable.ofType;
      const items = (source as unknown[]).map((item) => this.value(of, occurrences, item, path));
      return items.includes(invalid) ? invalid : items;
    }
    if (!isCompositeType(nullable)) return source;
    const object = source as Readonly<Record<string, unknown>>;
    const concrete = this.input.schema.getType(String(object[this.input.typeKey]));
    if (!isObjectType(concrete)) throw new Error('Expected an object that says its type.');
    const parts = occurrences.flatMap(({ inner }) => inner ?? []);
    return this.object(concrete, parts, object, path);
  }

  private collect(part: Part, object: GraphQLObjectType, into: Map<string, Occurrence[]>): void {
    for (const selection of part.set.selections) {
      if (!this.isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        if (key === this.input.typeKey) continue;
        into.set(key, [...(into.get(key) ?? []), this.occurrence(selection, part)]);
        continue;
      }
      const inner = this.fragment(selection, part);
      if (this.possible(inner.type).includes(object.name)) this.collect(inner, object, into);
    }
  }

  private occurrence(node: FieldNode, { type, scope, isRemoved }: Part): Occurrence {
    const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
    const definition = fields[node.name.value];
    if (!definition) return { node, inner: undefined, isRemoved: false };
    const { maySee } = this.input;
    const named = getNamedType(definition.type);
    const isField = scope.some((each) => !maySee(`${each}.${node.name.value}`));
    if (!isCompositeType(named) || !node.selectionSet) {
      return { node, inner: undefined, isRemoved: isRemoved || isField || !maySee(named.name) };
    }
    const inside = { set: node.selectionSet, type: named, scope: this.possible(named) };
    const removed = isRemoved || isField || this.isForbidden(inside);
    return { node, inner: { ...inside, isRemoved: removed }, isRemoved: removed };
  }

  private fragment(selection: Exclude<SelectionNode, FieldNode>, around: Part): Part {
    const definition =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? this.input.fragments.get(selection.name.value)
        : selection;
    if (!definition) throw new Error('Expected a fragment of the document.');
    const condition = definition.typeCondition?.name.value;
    const named = condition === undefined ? around.type : this.input.schema.getType(condition);
    if (!isCompositeType(named)) throw new Error('Expected a condition on a composite type.');
    const possible = this.possible(named);
    const common = around.scope.filter((each) => possible.includes(each));
    const scope = common.length > 0 ? common : possible;
    const inside = { set: definition.selectionSet, type: named, scope };
    const narrows = scope.length !== around.scope.length;
    return { ...inside, isRemoved: around.isRemoved || (narrows && this.isForbidden(inside)) };
  }

  private isForbidden(part: Omit<Part, 'isRemoved'>): boolean {
    const hidden = part.scope.filter((each) => !this.input.maySee(each));
    if (hidden.length === 0) return false;
    return hidden.length === part.scope.length || this.readsOfAll({ ...part, isRemoved: false });
  }

  private readsOfAll(part: Part): boolean {
    return part.set.selections.some((selection) => {
      if (!this.isIncluded(selection)) return false;
      if (selection.kind === Kind.FIELD) return selection.name.value !== '__typename';
      const definition =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.input.fragments.get(selection.name.value)
          : selection;
      const condition = definition?.typeCondition?.name.value;
      const type = condition === undefined ? part.type : this.input.schema.getType(condition);
      if (!definition || !isCompositeType(type)) return false;
      const possible = this.possible(type);
      return (
        part.scope.every((each) => possible.includes(each)) &&
        this.readsOfAll({ ...part, set: definition.selectionSet, type })
      );
    });
  }

  private isIncluded(selection: SelectionNode): boolean {
    const { variables } = this.input;
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
    const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
    return skip?.if !== true && include?.if !== false;
  }

  private possible(type: GraphQLCompositeType): readonly string[] {
    const { schema } = this.input;
    return isAbstractType(type)
      ? schema.getPossibleTypes(type).map(({ name }) => name)
      : [type.name];
  }
}
