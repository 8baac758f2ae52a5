import { beforeAll, describe, expect, it } from '@jest/globals';
import { planners, withoutNative } from '../support/oracles/judge.ts';
import { type Shape } from '../support/oracles/oracle.ts';
import type { ComparisonReport } from '../support/oracles/random-operations.ts';
import { countsText, firstSeed, runInAProcess, timeoutMs } from './in-a-process.ts';
import { shapes } from './shapes.ts';

/** How many on each supergraph; ten supergraphs make 2,000 with 200, and 60,000 with 6,000. */
const operations = Number(process.env.ORACLE_OPERATIONS ?? 200);
/** It takes longer than all others together. */
const gatewayEvery = Number(process.env.ORACLE_GATEWAY_EVERY ?? 5);

/**
 * Random valid operations, answered by the engine with each planner that is installed, as objects and as text, by ApolloGateway, and by
 * one graphql-js schema over the same data. In one world of three resolvers fail everywhere alike, in another something
 * fails on the way to the subgraphs only. Every request to a subgraph has to be valid on its schema. ORACLE_OPERATIONS
 * (a supergraph), ORACLE_SEED and ORACLE_PLANNERS (own,apollo,native) make another run; ApolloGateway is asked for one of
 * ORACLE_GATEWAY_EVERY operations.
 */
export function describeRandomOperations(name: keyof typeof shapes): void {
  const shape: Shape = shapes[name];
  const seeds = `seeds ${firstSeed} to ${firstSeed + operations - 1}`;
  describe(`random operations on ${name}, ${seeds}`, () => {
    let report: ComparisonReport;

    beforeAll(async () => {
      const numbers = [operations, firstSeed, gatewayEvery].map(String);
      report = await runInAProcess('compare-in-a-process.ts', [name, ...numbers]);
      const skipped = withoutNative === undefined ? '' : `, ${withoutNative}`;
      process.stdout.write(`${name}, ${seeds}: ${countsText(report.counts)}${skipped}\n`);
    }, timeoutMs);

    it('are answered by the engine as the specification says', () => {
      expect(report.engine).toEqual([]);
      for (const planner of planners) expect(report.counts[planner]).toBe(operations);
    });

    if (shape.withoutApolloGateway !== undefined) return;
    it('are answered by ApolloGateway in the same way, its known mistakes aside', () => {
      expect(report.apolloGateway).toEqual([]);
      expect(report.counts.ApolloGateway).toBe(
        Math.floor((firstSeed + operations - 1) / gatewayEvery) -
          Math.floor((firstSeed - 1) / gatewayEvery),
      );
    });
  });
}
