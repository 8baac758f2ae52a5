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

/** The counts of a definition. */
export interface Counts {
  /** Fields, inline fragments and spreads. */
  selections: number;
  aliases: number;
  directives: number;
  /** The depth of nested fields, except those of introspection. */
  depth: number;
  /** The depth of nested selection sets. */
  nesting: number;
  /** The depth of nested fields, starting at `__schema` or `__type`. */
  introspectionDepth: number;
  /** The depth of nested introspection lists, if the whole definition were inside `__schema`. */
  possibleLists: number;
  /** The depth of nested introspection lists. */
  introspectionLists: number;
  /** The depth of nested lists and objects in values. */
  inputDepth: number;
  /** The length of the longest name that the client chose: of an operation, a fragment, a variable or an alias. */
  longestName: number;
}

/** A fragment spread in a definition, with its depths. */
export interface Spread {
  readonly fragment: string;
  readonly depth: number;
  readonly nesting: number;
  readonly lists: number;
  readonly isIntrospection: boolean;
}

/** The counts of one definition, and its fragment spreads, which are not expanded. */
export interface UnexpandedMeasure {
  readonly counts: Counts;
  readonly spreads: readonly Spread[];
}

/** Counts a definition without expanding its fragment spreads, in one pass and without recursion. */
export function measureUnexpanded(definition: MeasuredDefinition): UnexpandedMeasure {
  const counts: Counts = { ...zeroCounts };
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

/**
 * The introspection fields that return lists. The standard introspection query nests two of them (`types`, then
 * `fields`).
 */
const introspectionLists: ReadonlySet<string> = new Set([
  'types',
  'fields',
  'inputFields',
  'interfaces',
  'possibleTypes',
]);

const zeroCounts: Counts = {
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

/** The position of a selection set. */
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
