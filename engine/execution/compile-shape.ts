import {
  type FieldNode,
  getNamedType,
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { placeBelow } from '../../common/deferred-fragments.ts';
import {
  collectDeferred,
  collectFields,
  collectFieldsOfAnyType,
  type SelectionContext,
} from './collect-fields.ts';
import type {
  AbstractShape,
  DeferredShape,
  FieldShape,
  LeafShape,
  ObjectShape,
  ValueShape,
} from './shape.ts';
import type { ResponsePath } from './store.ts';

/** The shape of an operation's response. */
export interface OperationShape {
  readonly root: ObjectShape;
  /** The introspection fields, by the key of their result; each may occur in several places. */
  readonly introspection: ReadonlyMap<string, readonly FieldNode[]>;
}

/** What a shape is compiled from, besides the operation. */
export interface ShapeContext extends SelectionContext {
  /** The store's key for a field; `undefined` when it is the response key. */
  readonly storeKeys: { of(typename: string, field: FieldNode): string | undefined };
  /** Fields that always resolve to null, whatever the store holds. */
  readonly removed?: ReadonlySet<FieldNode>;
}

/** Compiles the shape of an operation that is valid on the schema. */
export function compileShape(
  operation: OperationDefinitionNode,
  context: ShapeContext,
): OperationShape {
  const rootType = context.schema.getRootType(operation.operation);
  if (!rootType) throw new Error(`The schema has no ${operation.operation} type.`);
  const compiler = new ShapeCompiler(context);
  const root = compiler.object(rootType, [operation.selectionSet], '', true);
  return { root, introspection: compiler.introspection };
}

class ShapeCompiler {
  readonly introspection = new Map<string, readonly FieldNode[]>();
  private readonly context: ShapeContext;

  constructor(context: ShapeContext) {
    this.context = context;
  }

  object(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    place: string,
    nonNull: boolean,
  ): ObjectShape {
    const deferred = this.deferred(type, sets, place);
    return this.objectOf(type, collectFields(type, sets, this.context), place, nonNull, deferred);
  }

  private objectOf(
    type: GraphQLCompositeType,
    collected: ReadonlyMap<string, readonly FieldNode[]>,
    place: string,
    nonNull: boolean,
    deferred?: readonly DeferredShape[],
  ): ObjectShape {
    const { schema } = this.context;
    return {
      kind: 'object',
      nonNull,
      typename: type.name,
      isRoot: type === schema.getQueryType() || type === schema.getMutationType(),
      needsNullPrototype: collected.has('__proto__'),
      fields: [...collected].flatMap(([key, nodes]) => this.field(type, key, nodes, place) ?? []),
      deferred,
    };
  }

  /** A fragment without any field for the type has nothing to deliver. */
  private deferred(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    place: string,
  ): readonly DeferredShape[] | undefined {
    if (this.context.isIncremental !== true) return undefined;
    const shapes = [...collectDeferred(type, sets, this.context)].map(([directive, of]) => ({
      directive,
      place,
      shape: this.object(type, of, place, false),
    }));
    const found = shapes.filter(({ shape }) => shape.fields.length > 0 || shape.deferred);
    return found.length > 0 ? found : undefined;
  }

  /** For objects of unknown type: planning fetches the type when what is deferred depends on it. */
  private deferredOfAny(
    type: GraphQLAbstractType,
    [first]: readonly (GraphQLObjectType | GraphQLInterfaceType)[],
    sets: readonly SelectionSetNode[],
    place: string,
  ): readonly DeferredShape[] | undefined {
    if (this.context.isIncremental !== true || !first) return undefined;
    const found = [...collectDeferred(first, sets, this.context)].flatMap(([directive, of]) => {
      const shape = this.typeIndependent(type, of, place, false);
      return shape ? [{ directive, place, shape }] : [];
    });
    return found.length > 0 ? found : undefined;
  }

  /** `undefined` for a field the type does not have; a valid operation never selects one. */
  private field(
    type: GraphQLCompositeType,
    key: string,
    nodes: readonly FieldNode[],
    place: string,
  ): FieldShape | undefined {
    const [first] = nodes;
    const name = first?.name.value ?? '';
    const from = (first && this.context.storeKeys.of(type.name, first)) ?? key;
    const coordinate = `${type.name}.${name}`;
    if (name === '__typename') {
      return {
        key,
        from,
        coordinate,
        value: { kind: 'typename', nonNull: true, typename: type.name },
      };
    }
    if (type === this.context.schema.getQueryType() && (name === '__schema' || name === '__type')) {
      return { key, from, coordinate, value: this.introspected(name, nodes) };
    }
    const definition = fieldOf(type, name);
    if (!definition) return undefined;
    if (nodes.every((node) => this.context.removed?.has(node))) {
      const nonNull = isNonNullType(definition.type);
      return { key, from, coordinate, value: { kind: 'removed', nonNull } };
    }
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const below = this.context.isIncremental === true ? placeBelow(place, key) : place;
    return { key, from, coordinate, value: this.value(definition.type, sets, below) };
  }

  private introspected(name: '__schema' | '__type', nodes: readonly FieldNode[]): ValueShape {
    const answer = `introspection${this.introspection.size}`;
    this.introspection.set(answer, nodes);
    const { type } = name === '__schema' ? SchemaMetaFieldDef : TypeMetaFieldDef;
    return { kind: 'introspection', nonNull: isNonNullType(type), name: answer };
  }

  private value(
    type: GraphQLOutputType,
    sets: readonly SelectionSetNode[],
    place: string,
    nonNull = false,
  ): ValueShape {
    if (isNonNullType(type)) return this.value(type.ofType, sets, place, true);
    if (isListType(type))
      return { kind: 'list', nonNull, item: this.value(type.ofType, sets, place) };
    if (isObjectType(type)) return this.object(type, sets, place, nonNull);
    if (isAbstractType(type)) return this.abstract(type, sets, place, nonNull);
    return leaf(getNamedType(type), nonNull);
  }

  /** Compiles the shape of a possible type when its first object is seen. */
  private abstract(
    type: GraphQLAbstractType,
    sets: readonly SelectionSetNode[],
    place: string,
    nonNull: boolean,
  ): AbstractShape {
    const { schema } = this.context;
    const shapes = new Map<string, ObjectShape>();
    let unknownTypeShape: ObjectShape | null | undefined;
    const forType = (typename: string): ObjectShape | undefined => {
      const known = shapes.get(typename);
      if (known) return known;
      const possible = schema.getType(typename);
      if (!isObjectType(possible) || !schema.isSubType(type, possible)) {
        return undefined;
      }
      const shape = this.object(possible, sets, place, nonNull);
      shapes.set(typename, shape);
      return shape;
    };
    return {
      kind: 'abstract',
      nonNull,
      typename: type.name,
      forUnknownType: () => {
        if (unknownTypeShape === undefined)
          unknownTypeShape = this.typeIndependent(type, sets, place, nonNull) ?? null;
        return unknownTypeShape ?? undefined;
      },
      selects: (path) => selectsPath(path, sets, this.context),
      forType,
      selectsForEachType: (from) =>
        schema
          .getPossibleTypes(type)
          .every((possible) => forType(possible.name)?.fields.some((field) => field.from === from)),
    };
  }

  /** The one shape for all possible types; `undefined` when they differ, or when `__typename` is selected. */
  private typeIndependent(
    type: GraphQLAbstractType,
    sets: readonly SelectionSetNode[],
    place: string,
    nonNull: boolean,
  ): ObjectShape | undefined {
    const possibleTypes = this.context.schema.getPossibleTypes(type);
    // An interface without implementations: its only objects are interface objects.
    const types = possibleTypes.length === 0 && isInterfaceType(type) ? [type] : possibleTypes;
    const [first, ...others] = types.map((each) => collectFields(each, sets, this.context));
    if (!first || !others.every((other) => areAlike(first, other))) return undefined;
    for (const [node] of first.values()) {
      if (!node || !fieldOf(type, node.name.value)) return undefined;
    }
    return this.objectOf(type, first, place, nonNull, this.deferredOfAny(type, types, sets, place));
  }
}

function areAlike(
  left: ReadonlyMap<string, readonly FieldNode[]>,
  right: ReadonlyMap<string, readonly FieldNode[]>,
): boolean {
  if (left.size !== right.size) return false;
  return [...left].every(([key, nodes]) => {
    const others = right.get(key);
    return nodes.length === others?.length && nodes.every((node, at) => node === others[at]);
  });
}

function selectsPath(
  path: ResponsePath,
  sets: readonly SelectionSetNode[],
  context: SelectionContext,
): boolean {
  let below = sets;
  for (const step of path) {
    if (typeof step === 'number') continue;
    const nodes = collectFieldsOfAnyType(below, context).get(step);
    if (!nodes) return false;
    below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  return true;
}

function fieldOf(
  type: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

function leaf(type: GraphQLNamedType, nonNull: boolean): LeafShape {
  const typename = type.name;
  if (isEnumType(type)) {
    const enumValues = new Set(type.getValues().map(({ name }) => name));
    return { kind: 'enum', nonNull, typename, enumValues };
  }
  return { kind: builtInKinds.get(typename) ?? 'any', nonNull, typename, enumValues: undefined };
}

const builtInKinds: ReadonlyMap<string, LeafShape['kind']> = new Map([
  ['String', 'string'],
  ['ID', 'id'],
  ['Int', 'int'],
  ['Float', 'float'],
  ['Boolean', 'boolean'],
]);
