import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { ambiguousKey, type Fragments } from './ambiguous-keys.ts';

/**
 * Says why the native planner must not see a normalized operation; `undefined` when it may. A failure of its own is no
 * exception but the end of the process, from any thread:
 * - It merges the selections for one entity whatever types they were selected under, and ends ("Unexpected conflict")
 *   or silently drops one when a response key stands for two fields, or for one with two sets of arguments.
 * - It walks selections by recursion, and only its parser counts levels, which fragments do not add to.
 */
export function nativeRisk({ definitions }: DocumentNode): string | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: SelectionSetNode[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition.selectionSet);
  }
  const levels = new Levels(fragments);
  for (const operation of operations) {
    if (!levels.areFewIn(operation)) return `it has more than ${levelsMax} levels of selections`;
    const ambiguous = ambiguousKey(operation, fragments);
    if (ambiguous !== undefined) return ambiguous;
  }
  return undefined;
}

/** The native planner's parser takes 50 levels of text. With 300 of fragments it needs less than 1 MiB of stack. */
const levelsMax = 100;

/** Counts levels, looking at each fragment once; a spread is a level too. */
class Levels {
  private readonly fragments: Fragments;
  private readonly known = new Map<string, number>();

  constructor(fragments: Fragments) {
    this.fragments = fragments;
  }

  areFewIn(set: SelectionSetNode): boolean {
    return this.of(set, 0) <= levelsMax;
  }

  /** The levels below; endless where fragments form a circle. */
  private of({ selections }: SelectionSetNode, above: number): number {
    if (above > levelsMax) return Infinity;
    let most = 0;
    for (const selection of selections) most = Math.max(most, this.below(selection, above + 1));
    return most + 1;
  }

  private below(selection: SelectionNode, above: number): number {
    switch (selection.kind) {
      case Kind.FIELD:
        return selection.selectionSet ? this.of(selection.selectionSet, above) : 0;
      case Kind.INLINE_FRAGMENT:
        return this.of(selection.selectionSet, above);
      case Kind.FRAGMENT_SPREAD:
        return this.ofFragment(selection.name.value, above);
    }
  }

  private ofFragment(name: string, above: number): number {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    if (!fragment) return 0;
    // Endless until it is known, for a circle that comes back to it.
    this.known.set(name, Infinity);
    const levels = this.of(fragment.selectionSet, above);
    this.known.set(name, levels);
    return levels;
  }
}
