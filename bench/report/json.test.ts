import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Slice } from '../measure/bench.ts';
import type { Outcome } from '../measure/comparison.ts';
import type { Result } from '../result.ts';
import { toJson } from './json.ts';

describe('report/json', () => {
  it('gives the median CPU time, and ratios to the floor of main within each round', () => {
    const result = resultOf({
      floor: { main: measured(100, 200, 100), list: measured(150, 150, 150) },
      ours: { main: measured(120, 240, 130), list: measured(400, 900, 500) },
    });
    assert.deepEqual(JSON.parse(toJson(result)), {
      operations: {
        main: {
          floor: { cpuUs: 100, ratioToFloor: 1 },
          ours: { cpuUs: 130, ratioToFloor: 1.2 },
        },
        list: {
          floor: { cpuUs: 150, ratioToFloor: 1.5 },
          ours: { cpuUs: 500, ratioToFloor: 4.5 },
        },
      },
    });
  });

  it('leaves out what was not measured', () => {
    const result = resultOf({
      floor: { main: measured(100), list: measured(150) },
      ours: {
        main: measured(120),
        list: { kind: 'failed', reason: 'expected status 200, got 400' },
      },
    });
    assert.deepEqual(JSON.parse(toJson(result)).operations.list, {
      floor: { cpuUs: 150, ratioToFloor: 1.5 },
    });
  });
});

function measured(...cpuUs: readonly number[]): Outcome {
  return { kind: 'measured', slices: cpuUs.map(sliceOf) };
}

function sliceOf(cpuUs: number): Slice {
  return {
    cpuUs,
    requestsPerSecond: 1,
    p50Ms: 1,
    p99Ms: 1,
    residentBytes: 1,
    peakResidentBytes: 1,
    subgraphCalls: 3,
  };
}

function resultOf(outcomes: Readonly<Record<string, Readonly<Record<string, Outcome>>>>): Result {
  return {
    startedAt: new Date(0),
    minutes: 1,
    machine: {
      node: 'v20.0.0',
      processor: 'a processor',
      cores: 2,
      memoryGiB: 8,
      system: 'Linux',
      loadBefore: 0,
    },
    participants: Object.keys(outcomes).map((name) => ({
      name,
      title: name,
      description: '',
      versions: [],
    })),
    operations: ['main', 'list'].map((name) => ({
      name,
      title: name,
      query: '',
      data: {},
      upstream: [],
    })),
    comparison: new Map(
      Object.entries(outcomes).map(([peer, cells]) => [peer, new Map(Object.entries(cells))]),
    ),
    guards: [],
  };
}
