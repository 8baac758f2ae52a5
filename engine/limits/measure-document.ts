import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import {
  type Counts,
  measureAlone,
  type MeasuredAlone,
  type MeasuredDefinition,
  type Spread,
} from './measure-definition.ts';

/** A definition with the counts that it has once its fragments are expanded. */
export interface MeasuredRoot {
  readonly definition: MeasuredDefinition;
  /** For messages: "The operation", or which fragment. */
  readonly title: string;
  readonly counts: Readonly<Counts>;
}

/** A document, counted. */
export interface MeasuredDocument {
  /** `undefined` when the parser did not say. */
  readonly tokens: number | undefined;
  readonly operations: readonly OperationDefinitionNode[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The operations, and the fragments that nobody spreads: all else is within these. */
  readonly roots: readonly MeasuredRoot[];
  /** A fragment that spreads itself, whatever lies between; the counts then mean nothing. */
  readonly circularFragment: string | undefined;
}

/**
 * Counts a document that is not validated yet. Each fragment is counted once, however often it is spread, so that the
 * time is linear in the text.
 */
export function measureDocument(document: DocumentNode): MeasuredDocument {
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  const alone = new Map<string, MeasuredAlone>();
  const spread = new Set<string>();
  const note = (measured: MeasuredAlone): MeasuredAlone => {
    for (const { fragment } of measured.spreads) spread.add(fragment);
    return measured;
  };
  const ownCounts = new Map<OperationDefinitionNode, MeasuredAlone>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      operations.push(definition);
      ownCounts.set(definition, note(measureAlone(definition)));
    } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      // Two of one name are refused by validation; until then the first one counts.
      if (fragments.has(definition.name.value)) continue;
      fragments.set(definition.name.value, definition);
      alone.set(definition.name.value, note(measureAlone(definition)));
    }
  }
  const totals = new Map<string, Counts>();
  const circularFragment = expandAll(alone, totals);
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

/** Expands each fragment after those that it spreads; without recursion. Gives the name of one that is circular. */
function expandAll(
  alone: ReadonlyMap<string, MeasuredAlone>,
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

function expand({ counts, spreads }: MeasuredAlone, totals: ReadonlyMap<string, Counts>): Counts {
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
