import type { Slice } from '../measure/bench.ts';
import type { Comparison } from '../measure/comparison.ts';
import { type Figure, figureOf } from '../measure/statistics.ts';
import type { Result } from '../result.ts';

/** The figures of one gateway with one operation, over all rounds. */
export interface Figures {
  readonly cpuUs: Figure;
  readonly requestsPerSecond: Figure;
  readonly p50Ms: Figure;
  readonly p99Ms: Figure;
  readonly residentBytes: Figure;
  readonly peakResidentBytes: Figure;
  readonly subgraphCalls: Figure;
}

/** The figures of a gateway with an operation; `undefined` when it was not measured. */
export function figuresOf(
  comparison: Comparison,
  peer: string,
  operation: string,
): Figures | undefined {
  const slices = slicesOf(comparison, peer, operation);
  if (slices.length === 0) return undefined;
  const figure = (property: keyof Slice): Figure =>
    figureOf(slices.map((slice) => slice[property]));
  return {
    cpuUs: figure('cpuUs'),
    requestsPerSecond: figure('requestsPerSecond'),
    p50Ms: figure('p50Ms'),
    p99Ms: figure('p99Ms'),
    residentBytes: figure('residentBytes'),
    peakResidentBytes: figure('peakResidentBytes'),
    subgraphCalls: figure('subgraphCalls'),
  };
}

/** A gateway's and an operation's name. */
export type CellName = readonly [peer: string, operation: string];

/**
 * How many times the CPU time of one cell that of another is. Slices of the same round are compared with each other,
 * so that a slow moment of the machine meets both; `undefined` when either was not measured.
 */
export function ratioOf(
  { comparison }: Pick<Result, 'comparison'>,
  [peer, operation]: CellName,
  [basePeer, baseOperation]: CellName,
): Figure | undefined {
  const base = slicesOf(comparison, basePeer, baseOperation);
  const ratios = slicesOf(comparison, peer, operation).flatMap(({ cpuUs }, round) => {
    const divisor = base[round]?.cpuUs;
    return divisor === undefined ? [] : [cpuUs / divisor];
  });
  return ratios.length === 0 ? undefined : figureOf(ratios);
}

/** The unit of all ratios: the floor with the main query. */
export const floorOfMain: CellName = ['floor', 'main'];

function slicesOf(comparison: Comparison, peer: string, operation: string): readonly Slice[] {
  const outcome = comparison.get(peer)?.get(operation);
  return outcome?.kind === 'measured' ? outcome.slices : [];
}
