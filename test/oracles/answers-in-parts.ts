import { beforeAll, describe, expect, it } from '@jest/globals';
import type { PartsReport } from '../support/oracles/judge-answers-in-parts.ts';
import { countsText, firstSeed, runInAProcess, timeoutMs } from './in-a-process.ts';

/**
 * Describes a run of random operations with `@defer` at random places, so many on each of the ten supergraphs, in both
 * formats: the merged parts are compared with the answers of one graphql-js schema over the same data, which knows no
 * `@defer`. ORACLE_SEED makes another run.
 */
export function describeAnswersInParts(operations: number): void {
  describe(`answers in parts to random operations, seeds from ${firstSeed}`, () => {
    let report: PartsReport;

    beforeAll(async () => {
      const numbers = [operations, firstSeed].map(String);
      report = await runInAProcess('judge-answers-in-parts-in-a-process.ts', numbers);
      process.stdout.write(`answers in parts: ${countsText(report.counts)}\n`);
    }, timeoutMs);

    it('equal the answers without @defer when they are merged', () => {
      // As text, so that a counterexample can be read.
      expect(report.wrong.join('\n\n')).toBe('');
    });

    it('are many, and some with failures', () => {
      const { operations: judged, inParts, failing, parts } = report.counts;
      expect(judged).toBeGreaterThanOrEqual(operations * 9);
      expect(inParts).toBeGreaterThan(judged / 2);
      expect(failing).toBeGreaterThan(judged / 10);
      expect(parts).toBeGreaterThan(inParts);
    });
  });
}
