import { beforeAll, describe, expect, it } from '@jest/globals';
import { planners, withoutNative } from '../support/oracles/judge.ts';
import type { SupergraphReport } from '../support/oracles/random-supergraphs.ts';
import { generateSupergraph } from '../support/oracles/supergraph-generator.ts';
import { countsText, firstSeed, runInAProcess, timeoutMs } from './in-a-process.ts';

const supergraphs = Number(process.env.ORACLE_SUPERGRAPHS ?? 300);
const operations = 6;

/**
 * Random operations on random supergraphs of two to five subgraphs, judged as those on the supergraphs that are written
 * down. ORACLE_SUPERGRAPHS, ORACLE_SEED and ORACLE_PLANNERS make another run. A planner with known mistakes is counted
 * and not judged.
 */
describe(`random supergraphs, seeds ${firstSeed} to ${firstSeed + supergraphs - 1}`, () => {
  let report: SupergraphReport;

  beforeAll(async () => {
    const numbers = [supergraphs, firstSeed, operations].map(String);
    report = await runInAProcess('compare-supergraphs-in-a-process.ts', numbers);
    const skipped = withoutNative === undefined ? '' : `, ${withoutNative}`;
    process.stdout.write(`random supergraphs: ${countsText(report.counts)}${skipped}\n`);
  }, timeoutMs);

  it('are the same for the same seed', () => {
    const [first, again, next] = [firstSeed, firstSeed, firstSeed + 1].map(generateSupergraph);
    expect(again).toEqual(first);
    expect(next).not.toEqual(first);
  });

  it('compose, nearly all of them', () => {
    expect(report.supergraphs).toBeGreaterThanOrEqual(supergraphs - 1 - supergraphs * 0.05);
  });

  it('are answered for by the engine as the specification says', () => {
    // As text, so that a counterexample can be read.
    expect(report.wrong.join('\n\n')).toBe('');
    for (const planner of planners)
      expect(report.counts[planner]).toBe(report.supergraphs * operations);
  });
});
