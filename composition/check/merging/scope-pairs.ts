import type { GraphQLSchema } from 'graphql';
import { areExclusive, type FieldRef } from './field-ref.ts';
import type { ScopeGraph, Way } from './scope-graph.ts';

/** Two groups of types whose fields are compared when an operation is validated, and the fields that lead there. */
export interface ScopePair {
  readonly one: string;
  readonly other: string;
  /** Whether what is above is never of one object: then fields of any names are compared by their shapes. */
  readonly isExclusive: boolean;
  readonly from?: { readonly pair: ScopePair; readonly first: FieldRef; readonly second: FieldRef };
  /** The root type where it begins. */
  readonly root: string;
}

/** The pairs that an operation can reach, those behind the fewest fields first. */
export interface ScopePairs {
  readonly pairs: readonly ScopePair[];
  /** False where there were too many to follow them all. */
  readonly isComplete: boolean;
}

const pairsMax = 20_000;
const stepsMax = 2_000_000;

/** Follows the fields of an operation from the root types, with aliases and fragments. */
export function scopePairs(schema: GraphQLSchema, graph: ScopeGraph): ScopePairs {
  const pairs: ScopePair[] = [];
  const known = new Set<string>();
  let steps = 0;
  const add = (pair: ScopePair): void => {
    const names = [pair.one, pair.other].sort().join(' ');
    const key = `${names} ${pair.isExclusive}`;
    if (known.has(key)) return;
    known.add(key);
    pairs.push(pair);
  };
  for (const type of [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ]) {
    if (!type) continue;
    const group = graph.groupOf(type.name);
    add({ one: group, other: group, isExclusive: false, root: type.name });
  }
  const follow = (pair: ScopePair, one: Way, other: Way): void => {
    if (one.shape !== other.shape) return;
    for (const first of one.fields) {
      for (const second of other.fields) {
        steps += 1;
        const isExclusive = pair.isExclusive || areExclusive(first, second);
        if (!isExclusive && first.field !== second.field) continue;
        const from = { pair, first, second };
        add({ one: one.target, other: other.target, isExclusive, from, root: pair.root });
      }
    }
  };
  // The loop also visits pairs added below.
  for (const pair of pairs) {
    if (pairs.length > pairsMax || steps > stepsMax) return { pairs, isComplete: false };
    // Those of one name read better, and come first.
    const named = graph.waysByName(pair.other);
    for (const [name, ways] of graph.waysByName(pair.one)) {
      for (const one of ways) for (const other of named.get(name) ?? []) follow(pair, one, other);
    }
    const others = graph.ways(pair.other);
    for (const one of graph.ways(pair.one)) {
      steps += others.length;
      if (steps > stepsMax) break;
      for (const other of others) follow(pair, one, other);
    }
  }
  return { pairs, isComplete: steps <= stepsMax };
}
