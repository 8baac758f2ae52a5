import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ComparisonReport } from '../support/oracles/random-operations.ts';
import { shapes } from './shapes.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const script = 'test/oracles/compare-in-a-process.ts';
const timeoutMs = 1_800_000;

const firstSeed = Number(process.env.ORACLE_SEED ?? 1);
/** It takes longer than all others together. */
const gatewayEvery = Number(process.env.ORACLE_GATEWAY_EVERY ?? 5);

/**
 * Random valid operations, answered by the engine with each planner, as objects and as text, by ApolloGateway, and by
 * one graphql-js schema over the same data; every other world has failing resolvers. ORACLE_OPERATIONS (a supergraph)
 * and ORACLE_SEED make another run; ApolloGateway is asked for one of ORACLE_GATEWAY_EVERY operations. They run in a
 * process of their own: in the contexts that tests run in, the same takes four times as long.
 */
export function describeRandomOperations(name: keyof typeof shapes): void {
  const operations = Number(process.env.ORACLE_OPERATIONS ?? shapes[name].operations);
  const seeds = `seeds ${firstSeed} to ${firstSeed + operations - 1}`;
  describe(`random operations on ${name}, ${seeds}`, () => {
    let report: ComparisonReport;

    beforeAll(async () => {
      report = await compareInAProcess(name, operations);
      const counts = Object.entries(report.counts).map(([what, times]) => `${what} ${times}`);
      process.stdout.write(`${name}, ${seeds}: ${counts.join(', ')}\n`);
    }, timeoutMs);

    it('are answered by the engine as the specification says', () => {
      expect(report.engine).toEqual([]);
      expect(report.counts.apollo).toBe(operations);
    });

    it('are answered by ApolloGateway in the same way, its known mistakes aside', () => {
      expect(report.apolloGateway).toEqual([]);
      expect(report.counts.ApolloGateway).toBe(
        Math.floor((firstSeed + operations - 1) / gatewayEvery) -
          Math.floor((firstSeed - 1) / gatewayEvery),
      );
    });
  });
}

async function compareInAProcess(name: string, operations: number): Promise<ComparisonReport> {
  const numbers = [operations, firstSeed, gatewayEvery].map(String);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', script, name, ...numbers],
    { cwd: repository, timeout: timeoutMs, maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout) as ComparisonReport;
}
