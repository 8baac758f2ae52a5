import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import {
  type Counts,
  measureUnexpanded,
  type UnexpandedMeasure,
  type MeasuredDefinition,
  type Spread,
} from './measure-definition.ts';

/** A definition with its counts after expanding its fragments. */
export interface MeasuredRoot {
  readonly definition: MeasuredDefinition;
  /** For messages: "The operation", or the fragment's name. */
  readonly title: string;
  readonly counts: Readonly<Counts>;
}

/** The counts of a document. */
export interface MeasuredDocument {
  /** `undefined` when the parser did not count them. */
  readonly tokens: number | undefined;
  readonly operations: readonly OperationDefinitionNode[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The operations, and the fragments that are never spread; they contain all other fragments. */
  readonly roots: readonly MeasuredRoot[];
  /** A fragment that spreads itself, directly or indirectly; the counts are then meaningless. */
  readonly circularFragment: string | undefined;
}

/**
 * Counts a document before validation. Each fragment is counted once, however often it is spread, so the time is linear
 * in the text.
 */
export function measureDocument(document: DocumentNode): MeasuredDocument {
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  const unexpanded = new Map<string, UnexpandedMeasure>();
  const spread = new Set<string>();
  const note = (measured: UnexpandedMeasure): UnexpandedMeasure => {
    for (const { fragment } of measured.spreads) spread.add(fragment);
    return measured;
  };
  const ownCounts = new Map<OperationDefinitionNode, UnexpandedMeasure>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      operations.push(definition);
      ownCounts.set(definition, note(measureUnexpanded(definition)));
    } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      // Validation rejects duplicate names; until then the first fragment counts.
      if (fragments.has(definition.name.value)) continue;
      fragments.set(definition.name.value, definition);
      unexpanded.set(definition.name.value, note(measureUnexpanded(definition)));
    }
  }
  const totals = new Map<string, Counts>();
  const circularFragment = expandAll(unexpanded, totals);
  const roots: MeasuredRoot[] = [];
  for (const [definition, measured] of ownCounts) {
    roots.push({ definition, title: 'The operation', counts: expand(measured, totals) });
  }
  for (const [name, definition] of fragments) {
    const counts = totals.get(name);
    if (counts && !spread.has(name)) {
      roots.push({ definition, title: `The fragment "${name}"`, counts });
    }
  }
  const { tokenCount: tokens } = document as { readonly tokenCount?: number };
  return { tokens, operations, fragments, roots, circularFragment };
}

/** Expands each fragment after those that it spreads, without recursion. Returns the name of a circular one. */
function expandAll(
  alone: ReadonlyMap<string, UnexpandedMeasure>,
  totals: Map<string, Counts>,
): string | undefined {
  const begun = new Set<string>();
  for (const start of alone.keys()) {
    const path = [start];
    for (let name = path.at(-1); name !== undefined; name = path.at(-1)) {
      const measured = alone.get(name);
      if (!measured || totals.has(name)) {
        path.pop();
      } else if (begun.has(name)) {
        path.pop();
        totals.set(name, expand(measured, totals));
      } else {
        begun.add(name);
        for (const { fragment } of measured.spreads) {
          if (begun.has(fragment) && !totals.has(fragment)) return fragment;
          path.push(fragment);
        }
      }
    }
  }
  return undefined;
}

function expand(
  { counts, spreads }: UnexpandedMeasure,
  totals: ReadonlyMap<string, Counts>,
): Counts {
  const total = { ...counts };
  for (const spread of spreads) {
    const inner = totals.get(spread.fragment);
    if (inner) add(total, inner, spread);
  }
  return total;
}

function add(total: Counts, inner: Counts, at: Spread): void {
  total.selections += inner.selections;
  total.aliases += inner.aliases;
  total.directives += inner.directives;
  total.inputDepth = Math.max(total.inputDepth, inner.inputDepth);
  total.longestName = Math.max(total.longestName, inner.longestName);
  total.nesting = Math.max(total.nesting, at.nesting + inner.nesting);
  const depth = at.depth + inner.depth;
  const lists = at.lists + inner.possibleLists;
  if (at.isIntrospection) {
    total.introspectionDepth = Math.max(total.introspectionDepth, depth);
    total.introspectionLists = Math.max(total.introspectionLists, lists);
  } else {
    total.depth = Math.max(total.depth, depth);
    total.possibleLists = Math.max(total.possibleLists, lists);
  }
  total.introspectionDepth = Math.max(total.introspectionDepth, inner.introspectionDepth);
  total.introspectionLists = Math.max(total.introspectionLists, inner.introspectionLists);
}
