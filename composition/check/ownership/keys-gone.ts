import { declaredKeys } from '../../declared-keys.ts';
import type { ParsedSubgraph } from '../../read-schema.ts';
import { findingOf } from '../finding-of.ts';
import type { Finding } from '../finding.ts';
import { placeIndex } from '../place-index.ts';
import { removedKeys } from '../rules/ownership.ts';
import type { Side } from '../side.ts';
import { readJoined } from './joined.ts';

/**
 * The keys of the base that subgraphs which do not compose no longer declare. A key that is gone is often why: the
 * composer then complains about a field of another subgraph.
 */
export function keysGone(base: Side, subgraphs: readonly ParsedSubgraph[]): readonly Finding[] {
  const placeOf = placeIndex(subgraphs.map(({ document }) => document));
  const before = readJoined(base.supergraph).keys;
  return removedKeys(before, declaredKeys(subgraphs), placeOf).map((change) => {
    const { isUnused: _, ...finding } = findingOf(change, { base, head: { placeOf } });
    return finding;
  });
}
