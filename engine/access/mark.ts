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
import { authenticated, type Clause, type Requirement } from './clause.ts';
import { directFields } from './direct-fields.ts';
import { filterOperation } from './filter.ts';
import type {
  IsIncluded,
  MarkedOperation,
  OperationSource,
  RemovedPath,
} from './marked-operation.ts';
import { narrowedBy, type PossibleTypes, possibleTypesOf } from './possible-types.ts';
import { Removal } from './removal.ts';
import type { RequirementIndex } from './requirement-index.ts';

/** What marking needs to know besides the operation and who asks. */
export interface MarkContext {
  readonly schema: GraphQLSchema;
  readonly index: RequirementIndex;
  readonly isIncluded: IsIncluded;
  /** Fields of the mutation type in whose payload the caller counts as authenticated. */
  readonly sessionFields: ReadonlySet<string>;
}

/**
 * Tells apart what of a valid operation must not be answered, when the `denied` clauses do not hold: a field that
 * requires one, itself or by the type of its value, and a fragment on a type that does. What is read of an interface
 * or union without a type condition must be allowed on each of its possible types; with one, on those that it leaves.
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

/** Every clause that may have a say in an operation, whatever its variables. */
export function clausesIn(
  source: OperationSource,
  context: Omit<MarkContext, 'isIncluded'>,
): readonly Clause[] {
  const met = new Set<Clause>();
  const note = (requirement: Requirement): boolean => {
    for (const clause of requirement) met.add(clause);
    return false;
  };
  new Marking(source, note, { ...context, isIncluded: () => true }).run();
  return [...met];
}

interface Visited<T> {
  readonly node: T;
  readonly paths: readonly RemovedPath[];
}

/** The most places that are told of one operation. */
const pathsMax = 100;

class Marking {
  private readonly source: OperationSource;
  private readonly deniesCaller: (requirement: Requirement) => boolean;
  private readonly context: MarkContext;
  private readonly removal: Removal;
  private readonly possible = new Map<string, PossibleTypes>();
  /** Fragments by their name and the types that they are applied to. */
  private readonly seen = new Map<string, Visited<string>>();
  /** True in the payload of a field that logs somebody in. */
  private isLoggedIn = false;

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
    const { removed, typed, fragments } = this.removal;
    const marked = { operation: { ...operation, selectionSet: root.node }, fragments };
    const paths = new Map(root.paths.map((path) => [JSON.stringify(path), path]));
    return {
      ...marked,
      removed,
      filtered: filterOperation(marked, removed, typed),
      paths: [...paths.values()],
    };
  }

  /** The same node when nothing in it is removed. */
  private selections(
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    scope: PossibleTypes,
  ): Visited<SelectionSetNode> {
    const visited = set.selections.map((selection) =>
      this.context.isIncluded(selection)
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
    if (isAbstractType(type)) this.removal.typed.add(inside.node);
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

  /** The name under which the fragment is to be spread on these types. */
  private fragment(name: string, scope: PossibleTypes): Visited<string> {
    const key = `${name} ${scope.key}${this.isLoggedIn ? ' logged in' : ''}`;
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

  /** True when objects must not be shown as what they are: all of the types, or one that is read without a condition. */
  private isRefused(set: SelectionSetNode, scope: PossibleTypes): boolean {
    const denied = scope.names.filter((name) => this.denies(this.context.index.ofType(name)));
    if (denied.length === 0) return false;
    return denied.length === scope.names.length || this.directFields(set, scope).length > 0;
  }

  /** The response keys that are read of every one of the types, without a condition that leaves some out. */
  private directFields(set: SelectionSetNode, scope: PossibleTypes): string[] {
    const { schema, isIncluded } = this.context;
    return directFields(set, {
      fragments: this.source.fragments,
      isIncluded,
      leavesAll: (condition) => {
        const type = schema.getType(condition);
        return !type || narrowedBy(this.possibleOf(type), scope).key === scope.key;
      },
    });
  }

  private denies(requirement: Requirement): boolean {
    const left = this.isLoggedIn
      ? requirement.filter((clause) => clause !== authenticated)
      : requirement;
    return this.deniesCaller(left);
  }

  /** Visits what a field gives: behind one that logs somebody in, the caller is known. */
  private payload<T>(node: FieldNode, parent: GraphQLCompositeType, visit: () => T): T {
    const { schema, sessionFields } = this.context;
    if (parent !== schema.getMutationType() || !sessionFields.has(node.name.value)) return visit();
    this.isLoggedIn = true;
    try {
      return visit();
    } finally {
      this.isLoggedIn = false;
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

/** `undefined` for `__typename` and introspection, which are about the schema. */
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
