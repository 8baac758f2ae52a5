import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** An operation or a fragment of a document. */
export type MeasuredDefinition = OperationDefinitionNode | FragmentDefinitionNode;

/** What can be counted in a definition. */
export interface Counts {
  /** Fields, inline fragments and spreads. */
  selections: number;
  aliases: number;
  directives: number;
  /** Fields within one another, those of introspection aside. */
  depth: number;
  /** Selection sets within one another. */
  nesting: number;
  /** Fields within one another from `__schema` or `__type` on. */
  introspectionDepth: number;
  /** Lists of introspection within one another, were all of this within `__schema`. */
  possibleLists: number;
  /** Lists of introspection within one another. */
  introspectionLists: number;
  /** Lists and objects within one another in values. */
  inputDepth: number;
  /** Characters of the longest name that is the client's own: of an operation, a fragment, a variable, or an alias. */
  longestName: number;
}

/** A spread in a definition, and how deep it stands. */
export interface Spread {
  readonly fragment: string;
  readonly depth: number;
  readonly nesting: number;
  readonly lists: number;
  readonly isIntrospection: boolean;
}

/** The counts of one definition alone, and the fragments that it spreads. */
export interface MeasuredAlone {
  readonly counts: Counts;
  readonly spreads: readonly Spread[];
}

/** Counts a definition without the fragments that it spreads, in one pass and without recursion. */
export function measureAlone(definition: MeasuredDefinition): MeasuredAlone {
  const counts: Counts = { ...nothing };
  const spreads: Spread[] = [];
  countName(counts, definition.name);
  countDirectives(counts, definition.directives);
  if (definition.kind === Kind.OPERATION_DEFINITION) {
    for (const { variable, directives, defaultValue } of definition.variableDefinitions ?? []) {
      countName(counts, variable.name);
      countDirectives(counts, directives);
      countInput(counts, defaultValue);
    }
  }
  const open: Place[] = [{ ...outermost, set: definition.selectionSet }];
  for (let place = open.pop(); place; place = open.pop()) {
    countPlace(counts, place);
    for (const selection of place.set.selections) {
      counts.selections += 1;
      countDirectives(counts, selection.directives);
      switch (selection.kind) {
        case Kind.FRAGMENT_SPREAD:
          spreads.push({ ...place, fragment: selection.name.value });
          break;
        case Kind.INLINE_FRAGMENT:
          open.push({ ...place, set: selection.selectionSet, nesting: place.nesting + 1 });
          break;
        case Kind.FIELD: {
          if (selection.alias) counts.aliases += 1;
          countName(counts, selection.alias);
          for (const { value } of selection.arguments ?? []) countInput(counts, value);
          const inner = within(place, selection.name.value);
          countPlace(counts, inner);
          if (selection.selectionSet) {
            open.push({ ...inner, set: selection.selectionSet, nesting: place.nesting + 1 });
          }
        }
      }
    }
  }
  return { counts, spreads };
}

/** No more than the standard introspection query has (`types`, then `fields`). */
const introspectionLists: ReadonlySet<string> = new Set([
  'types',
  'fields',
  'inputFields',
  'interfaces',
  'possibleTypes',
]);

const nothing: Counts = {
  selections: 0,
  aliases: 0,
  directives: 0,
  depth: 0,
  nesting: 0,
  introspectionDepth: 0,
  possibleLists: 0,
  introspectionLists: 0,
  inputDepth: 0,
  longestName: 0,
};

/** Where a selection set stands. */
interface Place extends Omit<Spread, 'fragment'> {
  readonly set: SelectionSetNode;
}

const outermost = { depth: 0, nesting: 1, lists: 0, isIntrospection: false };

function within<P extends Omit<Place, 'set'>>(place: P, field: string): P {
  if (!place.isIntrospection && (field === '__schema' || field === '__type')) {
    return { ...place, depth: 1, lists: 0, isIntrospection: true };
  }
  const lists = place.lists + (introspectionLists.has(field) ? 1 : 0);
  return { ...place, depth: place.depth + 1, lists };
}

function countPlace(counts: Counts, { depth, nesting, lists, isIntrospection }: Place): void {
  counts.nesting = Math.max(counts.nesting, nesting);
  if (isIntrospection) {
    counts.introspectionDepth = Math.max(counts.introspectionDepth, depth);
    counts.introspectionLists = Math.max(counts.introspectionLists, lists);
  } else {
    counts.depth = Math.max(counts.depth, depth);
    counts.possibleLists = Math.max(counts.possibleLists, lists);
  }
}

function countName(counts: Counts, name: NameNode | undefined): void {
  if (name) counts.longestName = Math.max(counts.longestName, name.value.length);
}

function countDirectives(
  counts: Counts,
  directives: readonly (DirectiveNode | ConstDirectiveNode)[] = [],
): void {
  counts.directives += directives.length;
  for (const { arguments: args = [] } of directives) {
    for (const { value } of args) countInput(counts, value);
  }
}

function countInput(counts: Counts, value: ValueNode | undefined): void {
  if (value?.kind !== Kind.LIST && value?.kind !== Kind.OBJECT) return;
  const open: { readonly value: ValueNode; readonly depth: number }[] = [{ value, depth: 1 }];
  for (let each = open.pop(); each; each = open.pop()) {
    const { value: outer, depth } = each;
    if (outer.kind !== Kind.LIST && outer.kind !== Kind.OBJECT) continue;
    counts.inputDepth = Math.max(counts.inputDepth, depth);
    const inner =
      outer.kind === Kind.LIST ? outer.values : outer.fields.map((field) => field.value);
    for (const one of inner) open.push({ value: one, depth: depth + 1 });
  }
}
