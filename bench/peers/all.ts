import { embedded, embeddedFastify } from './embedded.ts';
import { floor } from './floor.ts';
import { hive, hiveRust } from './hive.ts';
import { mercurius } from './mercurius.ts';
import { ours, oursUnlimited, oursUnpipelined } from './ours.ts';
import type { Peer } from './peer.ts';
import { stock } from './stock.ts';

/** Everything that can be measured, in the order of the tables. */
export const allPeers: readonly Peer[] = [
  floor,
  ours,
  oursUnlimited,
  oursUnpipelined,
  embeddedFastify,
  embedded,
  mercurius,
  stock,
  hiveRust,
  hive,
];

/** What `--quick` and `--growth` measure: what cannot be undercut, ours, and what is in use today. */
export const mainPeers: readonly Peer[] = [floor, ours, stock];
