import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { allPeers, mainPeers } from './peers/all.ts';
import { oursBefore } from './peers/ours.ts';
import type { Peer } from './peers/peer.ts';

/** What a run shall do. */
export interface Options {
  readonly quick: boolean;
  readonly json: boolean;
  readonly rounds: number;
  readonly peers: readonly Peer[];
  /** Whether nothing is measured but how cost grows with the size of an answer. */
  readonly onlyGrowth: boolean;
  /** Whether the results are written to files: only a whole run may replace them. */
  readonly write: boolean;
}

/** What `--help` prints. */
export const usage = `Usage: npm run bench -- [options]
       npm run bench -- planner [--help]   compares planners, and writes a table into docs/planner.md
       npm run bench -- checks [--help]    measures schema checks, and writes a table into docs/ci.md
       npm run bench -- orders [--help]    places orders under load, and writes a table into docs/orders.md
       npm run bench -- streams [--help]   opens 5,000 subscriptions, stops readers, and writes tables into docs/streams.md

Measures what a request costs through this gateway and through others, side by side, and
writes bench/RESULTS.md and bench/results.svg. Takes about nine minutes; leave the machine alone.

  --quick         floor, ours and stock with three operations, at most 50 seconds; writes no file
  --growth        only how cost grows from 1 to 1,000 orders: floor, ours and stock; writes no file
  --json          prints the result as JSON on stdout; progress goes to stderr
  --rounds <n>    slices of each gateway and operation (default: 5, quick, growth: 3)
  --only <names>  only these gateways and the floor, separated by commas; writes no file
                  ${allPeers.map(({ name }) => name).join(', ')}
  --before <folder>  measures this gateway of another checkout, with its dependencies installed,
                  beside the others; writes no file
  --help          prints this
`;

/** A command line cannot be understood; the message says why. */
export class UsageError extends Error {}

/** Reads a command line; `undefined` when it asks for help. Throws UsageError. */
export function readOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const { quick, json, growth } = values;
  const byDefault = quick || growth ? mainPeers : allPeers;
  const chosen = values.only === undefined ? byDefault : choose(values.only);
  const { before } = values;
  const peers = before === undefined ? chosen : [...chosen, oursBefore(resolve(before))];
  return {
    quick,
    json,
    rounds: roundsOf(values.rounds, quick || growth ? 3 : 5),
    peers,
    onlyGrowth: growth,
    write: !quick && !growth && values.only === undefined && before === undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        growth: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        only: { type: 'string' },
        before: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Ratios are to the floor: it always takes part. */
function choose(names: string): readonly Peer[] {
  const wanted = new Set(['floor', ...names.split(',').map((name) => name.trim())]);
  for (const name of wanted) {
    if (!allPeers.some((peer) => peer.name === name)) {
      throw new UsageError(
        `--only takes ${allPeers.map((peer) => peer.name).join(', ')}; got "${name}".`,
      );
    }
  }
  return allPeers.filter(({ name }) => wanted.has(name));
}

function roundsOf(text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
    throw new UsageError(`--rounds takes a whole number from 1 to 100; got "${text}".`);
  }
  return rounds;
}
