import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DeferReport } from '../support/oracles/random-deferred.ts';
import { countsText, firstSeed, runInAProcess, timeoutMs } from './in-a-process.ts';

/** How many on each supergraph, and how many random supergraphs besides those that are written down. */
const operations = Number(process.env.ORACLE_OPERATIONS ?? 3);
const supergraphs = Number(process.env.ORACLE_SUPERGRAPHS ?? 2);

/**
 * Random operations with `@defer` at random places, planned with deferred parts; a plan's parts are run one after the
 * other by the gateway's executor, and what they have fetched is compared with the answers of one graphql-js schema over
 * the same data. ORACLE_OPERATIONS (a supergraph), ORACLE_SUPERGRAPHS and ORACLE_SEED make another run.
 */
describe(`deferred parts of random operations, seeds from ${firstSeed}`, () => {
  let report: DeferReport;

  beforeAll(async () => {
    const numbers = [operations, firstSeed, supergraphs].map(String);
    report = await runInAProcess('judge-deferred-in-a-process.ts', numbers);
    process.stdout.write(`deferred parts: ${countsText(report.counts)}\n`);
  }, timeoutMs);

  it('answer together, each by itself, and as early as they may begin, as the specification says', () => {
    // As text, so that a counterexample can be read.
    expect(report.wrong.join('\n\n')).toBe('');
  });

  it('are many, inside each other too, and with fetches of their own', () => {
    const { operations: judged, parts, fetching, nested } = report.counts;
    expect(judged).toBeGreaterThanOrEqual(operations * 5);
    expect(parts).toBeGreaterThan(judged);
    expect(Math.min(fetching, nested)).toBeGreaterThan(judged / 5);
  });
});
