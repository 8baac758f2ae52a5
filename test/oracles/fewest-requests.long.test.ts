import { describe, expect, it } from '@jest/globals';
import { countsText, firstSeed, runInAProcess, timeoutMs } from './in-a-process.ts';

/** How many; a long run has 300. */
const supergraphs = Number(process.env.ORACLE_SUPERGRAPHS ?? 8);
const operations = 10;

interface Report {
  readonly counts: { readonly queries: number; readonly unknown: number; readonly more: number };
  readonly found: readonly string[];
}

/** Random queries on random supergraphs: the planner's choice beside every other one with as few steps. */
describe(`plans on random supergraphs, seeds ${firstSeed} to ${firstSeed + supergraphs - 1}`, () => {
  it(
    'take as few requests as there can be, but for one in a hundred',
    async () => {
      const { counts, found } = await runInAProcess<Report>(
        'count-fewest-requests-in-a-process.ts',
        [supergraphs, firstSeed, operations].map(String),
      );
      process.stdout.write(`${[`plans: ${countsText(counts)}`, ...found].join('\n')}\n`);
      expect(counts.queries).toBeGreaterThan(supergraphs);
      expect(counts.unknown).toBeLessThanOrEqual(counts.queries / 50);
      expect(counts.more).toBeLessThanOrEqual(Math.max(1, counts.queries / 100));
    },
    timeoutMs,
  );
});
