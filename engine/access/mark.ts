import {
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { OperationSource } from '../../common/operation-source.ts';
import { authenticated, type Clause, type Requirement } from './clause.ts';
import { directFields } from './direct-fields.ts';
import { filterOperation } from './filter.ts';
import type { IsIncluded, MarkedOperation, RemovedPath } from './marked-operation.ts';
import { narrowedBy, type PossibleTypes, possibleTypesOf } from './possible-types.ts';
import { Removal } from './removal.ts';
import type { RequirementIndex } from './requirement-index.ts';

/** What marking needs besides the operation and the denied clauses. */
export interface MarkContext {
  readonly schema: GraphQLSchema;
  readonly index: RequirementIndex;
  readonly isIncluded: IsIncluded;
  /** Whether the parts of a selection are marked and reported; by default they are. */
  readonly isVisited?: IsIncluded | undefined;
  /** Mutation fields in whose payload the caller counts as authenticated. */
  readonly sessionFields: ReadonlySet<string>;
}

/**
 * Marks the parts of a valid operation that must not be returned when the `denied` clauses do not hold: fields that
 * require one, by themselves or by their type, and fragments on a type that does. A field read on an interface or union
 * must be allowed on each possible type; inside a type condition, on each type that matches.
 */
export function markOperation(
  source: OperationSource,
  denied: ReadonlySet<Clause>,
  context: MarkContext,
): MarkedOperation {
  const denies = (requirement: Requirement): boolean =>
    requirement.some((clause) => denied.has(clause));
  return new Marking(source, denies, context).run();
}

/** All clauses that can affect an operation, for any variables. */
export function clausesIn(
  source: OperationSource,
  context: Omit<MarkContext, 'isIncluded'>,
): readonly Clause[] {
  const found = new Set<Clause>();
  const note = (requirement: Requirement): boolean => {
    for (const clause of requirement) found.add(clause);
    return false;
  };
  new Marking(source, note, { ...context, isIncluded: () => true }).run();
  return [...found];
}

interface Visited<T> {
  readonly node: T;
  readonly paths: readonly RemovedPath[];
}

/** The most removed paths reported for one operation. */
const pathsMax = 100;

class Marking {
  private readonly source: OperationSource;
  private readonly deniesCaller: (requirement: Requirement) => boolean;
  private readonly context: MarkContext;
  private readonly removal: Removal;
  private readonly possible = new Map<string, PossibleTypes>();
  /** Visited fragments, keyed by their name and the types they are applied to. */
  private readonly seen = new Map<string, Visited<string>>();
  /** True in the payload of a session field. */
  private isSessionPayload = false;

  constructor(
    source: OperationSource,
    denies: (requirement: Requirement) => boolean,
    context: MarkContext,
  ) {
    this.source = source;
    this.deniesCaller = denies;
    this.context = context;
    this.removal = new Removal(source.fragments);
  }

  run(): MarkedOperation {
    const { operation } = this.source;
    const { schema, index } = this.context;
    const rootType = schema.getRootType(operation.operation);
    if (!rootType) throw new Error(`The schema has no ${operation.operation} type.`);
    const root: Visited<SelectionSetNode> = this.denies(index.ofType(rootType.name))
      ? {
          node: this.removal.ofSelections(operation.selectionSet),
          paths: this.directFields(operation.selectionSet, this.possibleOf(rootType)).map((key) => [
            key,
          ]),
        }
      : this.selections(operation.selectionSet, rootType, this.possibleOf(rootType));
    const { removed, needsTypename, fragments } = this.removal;
    const marked = { operation: { ...operation, selectionSet: root.node }, fragments };
    const paths = new Map(root.paths.map((path) => [JSON.stringify(path), path]));
    return {
      ...marked,
      removed,
      filtered: filterOperation(marked, removed, needsTypename),
      paths: [...paths.values()],
    };
  }

  /** Returns the same node when nothing in it is removed. */
  private selections(
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    scope: PossibleTypes,
  ): Visited<SelectionSetNode> {
    const { isIncluded, isVisited } = this.context;
    const visited = set.selections.map((selection) =>
      isIncluded(selection) && isVisited?.(selection) !== false
        ? this.selection(selection, type, scope)
        : unchanged(selection),
    );
    if (visited.every(({ node }, index) => node === set.selections[index])) return unchanged(set);
    return {
      node: { ...set, selections: visited.map(({ node }) => node) },
      paths: visited.flatMap(({ paths }) => paths).slice(0, pathsMax),
    };
  }

  private selection(
    node: SelectionNode,
    type: GraphQLCompositeType,
    scope: PossibleTypes,
  ): Visited<SelectionNode> {
    switch (node.kind) {
      case Kind.FIELD:
        return this.field(node, type, scope);
      case Kind.INLINE_FRAGMENT:
        return this.inlineFragment(node, type, scope);
      case Kind.FRAGMENT_SPREAD: {
        const { node: name, paths } = this.fragment(node.name.value, scope);
        if (name === node.name.value) return unchanged(node);
        return { node: { ...node, name: { kind: Kind.NAME, value: name } }, paths };
      }
    }
  }

  private field(
    node: FieldNode,
    parent: GraphQLCompositeType,
    scope: PossibleTypes,
  ): Visited<FieldNode> {
    const definition = fieldOf(parent, node.name.value);
    if (!definition) return unchanged(node);
    const key = node.alias?.value ?? node.name.value;
    const type = getNamedType(definition.type);
    const set = node.selectionSet;
    const inner = set && this.possibleOf(type);
    const { index } = this.context;
    const refusals = [
      ...scope.names.map((name) => this.denies(index.ofField(name, node.name.value))),
      set && inner ? this.isRefused(set, inner) : this.denies(index.ofType(type.name)),
    ];
    if (refusals.includes(true)) {
      return { node: this.removal.ofField(node), paths: [[key]] };
    }
    if (!set || !inner || !isCompositeType(type)) return unchanged(node);
    const inside = this.payload(node, parent, () => this.selections(set, type, inner));
    if (inside.node === set) return unchanged(node);
    if (isAbstractType(type)) this.removal.needsTypename.add(inside.node);
    const step = [key, ...listSteps(definition.type)];
    return {
      node: { ...node, selectionSet: inside.node },
      paths: inside.paths.map((path) => [...step, ...path]),
    };
  }

  private inlineFragment(
    node: InlineFragmentNode,
    parent: GraphQLCompositeType,
    scope: PossibleTypes,
  ): Visited<InlineFragmentNode> {
    const condition = node.typeCondition?.name.value ?? parent.name;
    const visited = this.conditional(condition, node.selectionSet, scope);
    if (visited.node === node.selectionSet) return unchanged(node);
    return { node: { ...node, selectionSet: visited.node }, paths: visited.paths };
  }

  /** The name of the fragment to spread on these types. */
  private fragment(name: string, scope: PossibleTypes): Visited<string> {
    const key = `${name} ${scope.key}${this.isSessionPayload ? ' logged in' : ''}`;
    const known = this.seen.get(key);
    if (known) return known;
    const definition = this.source.fragments.get(name);
    if (!definition) return unchanged(name);
    const { selectionSet, typeCondition } = definition;
    const { node, paths } = this.conditional(typeCondition.name.value, selectionSet, scope);
    const visited =
      node === selectionSet
        ? unchanged(name)
        : { node: this.removal.addFragment(definition, node), paths };
    this.seen.set(key, visited);
    return visited;
  }

  private conditional(
    condition: string,
    set: SelectionSetNode,
    around: PossibleTypes,
  ): Visited<SelectionSetNode> {
    const type = this.context.schema.getType(condition);
    if (!isCompositeType(type)) return unchanged(set);
    const scope = narrowedBy(this.possibleOf(type), around);
    if (scope.key === around.key) return this.selections(set, type, scope);
    const step = `... on ${condition}`;
    if (this.isRefused(set, scope)) {
      return { node: this.removal.ofSelections(set), paths: [[step]] };
    }
    const { node, paths } = this.selections(set, type, scope);
    return { node, paths: paths.map((path) => [step, ...path]) };
  }

  /**
   * True when the objects must not be returned: all their types are denied, or one that is read without a type
   * condition.
   */
  private isRefused(set: SelectionSetNode, scope: PossibleTypes): boolean {
    const denied = scope.names.filter((name) => this.denies(this.context.index.ofType(name)));
    if (denied.length === 0) return false;
    return denied.length === scope.names.length || this.directFields(set, scope).length > 0;
  }

  /** The response keys that are read on every type, without a condition that excludes some. */
  private directFields(set: SelectionSetNode, scope: PossibleTypes): string[] {
    const { schema, isIncluded } = this.context;
    return directFields(set, {
      fragments: this.source.fragments,
      isIncluded,
      matchesAll: (condition) => {
        const type = schema.getType(condition);
        return !type || narrowedBy(this.possibleOf(type), scope).key === scope.key;
      },
    });
  }

  private denies(requirement: Requirement): boolean {
    const left = this.isSessionPayload
      ? requirement.filter((clause) => clause !== authenticated)
      : requirement;
    return this.deniesCaller(left);
  }

  /** Visits the payload of a field: in that of a session field, the caller counts as authenticated. */
  private payload<T>(node: FieldNode, parent: GraphQLCompositeType, visit: () => T): T {
    const { schema, sessionFields } = this.context;
    if (parent !== schema.getMutationType() || !sessionFields.has(node.name.value)) return visit();
    this.isSessionPayload = true;
    try {
      return visit();
    } finally {
      this.isSessionPayload = false;
    }
  }

  private possibleOf(type: Parameters<typeof possibleTypesOf>[0]): PossibleTypes {
    const known = this.possible.get(type.name) ?? possibleTypesOf(type, this.context.schema);
    this.possible.set(type.name, known);
    return known;
  }
}

function unchanged<T>(node: T): Visited<T> {
  return { node, paths: [] };
}

/** `undefined` for `__typename` and introspection, which describe the schema. */
function fieldOf(
  type: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

function listSteps(type: GraphQLOutputType): string[] {
  const nullable = getNullableType(type);
  return isListType(nullable) ? ['@', ...listSteps(nullable.ofType)] : [];
}
