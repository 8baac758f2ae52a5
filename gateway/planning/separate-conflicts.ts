import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { PlanNode, Rewrite } from '../execution/plan.ts';
import { type FieldTypes, mayConflict, SubgraphTypes } from './subgraph-types.ts';

/** Gives fields of one response key, but of types that do not agree, keys of their own in what subgraphs are asked. */
export type ConflictSeparator = (node: PlanNode) => PlanNode;

/**
 * The native planner puts the fields of an interface's object types in the place of the interface's field. Where their
 * types differ, as in `Int` and `Int!`, or where those of a subgraph differ from those of the supergraph, a subgraph
 * would refuse the operation (GraphQL spec §5.3.2). `undefined` when no two types on the supergraph differ in this way.
 */
export function createConflictSeparator(document: DocumentNode): ConflictSeparator | undefined {
  if (!mayConflict(document)) return undefined;
  const types = new SubgraphTypes(document);
  const separate = (node: PlanNode): PlanNode => {
    switch (node.kind) {
      case 'sequence':
      case 'parallel':
        return { ...node, nodes: node.nodes.map(separate) };
      case 'flatten':
        return { ...node, node: separate(node.node) };
      case 'condition':
        return {
          ...node,
          whenTrue: node.whenTrue && separate(node.whenTrue),
          whenFalse: node.whenFalse && separate(node.whenFalse),
        };
      case 'fetch': {
        const found = conflictsIn(node.operation, types.of(node.subgraph));
        if (!found) return node;
        const renames = found.renames.get(node.entities ? '_entities' : '') ?? [];
        const outputRewrites = [...renames, ...node.outputRewrites];
        return { ...node, operation: found.operation, outputRewrites };
      }
      case 'batch-fetch': {
        const found = conflictsIn(node.operation, types.of(node.subgraph));
        if (!found) return node;
        const groups = node.groups.map((group) => ({
          ...group,
          outputRewrites: [...(found.renames.get(group.alias) ?? []), ...group.outputRewrites],
        }));
        return { ...node, operation: found.operation, groups };
      }
    }
  };
  return separate;
}

type Rename = Extract<Rewrite, { kind: 'rename' }>;

interface Separated {
  readonly operation: string;
  /** By the response key of the `_entities` field they are below; empty for the operation itself. */
  readonly renames: ReadonlyMap<string, readonly Rename[]>;
}

function conflictsIn(text: string, typeOf: FieldTypes): Separated | undefined {
  const { operation, fragments } = readOperation(text);
  if (!operation || !hasConflicts(operation, typeOf, fragments)) return undefined;
  // A fragment may stand in several places, and be in conflict in one of them.
  const flat = inlineFragments(operation, fragments);
  const search = new ConflictSearch(typeOf, none);
  search.operation(flat);
  const separated = visit(flat, {
    Field: (field) => {
      const alias = search.aliases.get(field);
      return alias === undefined
        ? undefined
        : { ...field, alias: { kind: Kind.NAME, value: alias } };
    },
  });
  return { operation: stripIgnoredCharacters(print(separated)), renames: search.renames };
}

function hasConflicts(
  operation: OperationDefinitionNode,
  typeOf: FieldTypes,
  fragments: Fragments,
): boolean {
  const search = new ConflictSearch(typeOf, fragments);
  search.operation(operation);
  return search.aliases.size > 0;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const none: Fragments = new Map();

function readOperation(text: string): {
  readonly operation: OperationDefinitionNode | undefined;
  readonly fragments: Fragments;
} {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const definition of parse(text, { noLocation: true }).definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operation = definition;
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  return { operation, fragments };
}

/** The most selections that an operation may have without its fragments. */
const selectionsMax = 20_000;

/** Throws when the operation would become too large. */
function inlineFragments(
  operation: OperationDefinitionNode,
  fragments: Fragments,
): OperationDefinitionNode {
  let left = selectionsMax;
  const inline = ({ selections }: SelectionSetNode): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.map((selection): SelectionNode => {
      left -= 1;
      if (left < 0)
        throw new Error(`Expected at most ${selectionsMax} selections for one subgraph.`);
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        // A copy each, also of a leaf, so that each place can get a name of its own.
        return selection.selectionSet
          ? { ...selection, selectionSet: inline(selection.selectionSet) }
          : { ...selection };
      }
      const fragment = fragments.get(selection.name.value);
      if (!fragment) return selection;
      const { typeCondition, selectionSet } = fragment;
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet: inline(selectionSet) };
    }),
  });
  return { ...operation, selectionSet: inline(operation.selectionSet) };
}

interface Selected {
  readonly field: FieldNode;
  readonly parent: string;
}

class ConflictSearch {
  readonly aliases = new Map<FieldNode, string>();
  readonly renames = new Map<string, Rename[]>();
  private readonly typeOf: FieldTypes;
  private readonly fragments: Fragments;

  constructor(typeOf: FieldTypes, fragments: Fragments) {
    this.typeOf = typeOf;
    this.fragments = fragments;
  }

  operation({ operation, selectionSet }: OperationDefinitionNode): void {
    const root = operation === OperationTypeNode.MUTATION ? 'Mutation' : 'Query';
    const entities = collect([{ parent: root, set: selectionSet }], this.fragments);
    for (const [key, [first]] of entities) {
      if (first?.field.name.value !== '_entities' || !first.field.selectionSet) continue;
      this.place([{ parent: '', set: first.field.selectionSet }], key, []);
    }
    const isPlain = [...entities.values()].every(
      ([each]) => each?.field.name.value !== '_entities',
    );
    if (isPlain) this.place([{ parent: root, set: selectionSet }], '', []);
  }

  private place(sets: readonly ParentedSet[], group: string, path: readonly string[]): void {
    for (const [key, selected] of collect(sets, this.fragments)) {
      const byShape = new Map<string, Selected[]>();
      for (const each of selected) {
        const shape = this.shapeOf(each);
        byShape.set(shape, [...(byShape.get(shape) ?? []), each]);
      }
      for (const [index, alike] of [...byShape.values()].entries()) {
        if (index > 0) this.rename(key, alike, group, path);
        const below = alike.flatMap(({ field, parent }) =>
          field.selectionSet
            ? [
                {
                  parent: namedType(this.typeOf(parent, field.name.value)),
                  set: field.selectionSet,
                },
              ]
            : [],
        );
        if (below.length > 0) this.place(below, group, [...path, key]);
      }
    }
  }

  private shapeOf({ field, parent }: Selected): string {
    const type = this.typeOf(parent, field.name.value) ?? '';
    return field.selectionSet ? type.replace(namedType(type), '') : type;
  }

  private rename(
    key: string,
    alike: readonly Selected[],
    group: string,
    path: readonly string[],
  ): void {
    const alias = `${key}__of_another_type_${this.aliases.size}`;
    for (const { field } of alike) this.aliases.set(field, alias);
    const rename: Rename = {
      kind: 'rename',
      path: [...path, alias].map((name) => ({ kind: 'key', name })),
      to: key,
    };
    this.renames.set(group, [...(this.renames.get(group) ?? []), rename]);
  }
}

interface ParentedSet {
  readonly parent: string;
  readonly set: SelectionSetNode;
}

/** The fields at one place of the answer, whatever the type of the object there. */
function collect(
  sets: readonly ParentedSet[],
  fragments: Fragments,
): ReadonlyMap<string, Selected[]> {
  const fields = new Map<string, Selected[]>();
  const add = ({ parent, set }: ParentedSet): void => {
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        const condition = fragment?.typeCondition?.name.value ?? parent;
        if (fragment) add({ parent: condition, set: fragment.selectionSet });
      } else {
        const key = (selection.alias ?? selection.name).value;
        const known = fields.get(key);
        if (known) known.push({ field: selection, parent });
        else fields.set(key, [{ field: selection, parent }]);
      }
    }
  };
  sets.forEach(add);
  return fields;
}

function namedType(type: string | undefined): string {
  return /\w+/.exec(type ?? '')?.[0] ?? '';
}
