import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../common/logger.ts';
import type { FetchLayerOptions } from '../engine/fetching/layers.ts';
import { callLayersOf, longestTimeoutMs } from './call-layers.ts';
import { type GatewaySettings, loadGatewayConfig } from './config/load.ts';

let lines: readonly string[] = [];

function layersOf(settings: GatewaySettings = {}): FetchLayerOptions {
  const { calls, subgraphs } = loadGatewayConfig({}, [settings]);
  return callLayersOf(
    calls,
    subgraphs,
    createLogger('gateway', 'info', { write: (line) => (lines = [...lines, line]) }),
  );
}

function perSubgraph({ inFlight, deadline }: FetchLayerOptions, subgraph: string): unknown {
  const maxInFlight = inFlight && inFlight.maxInFlight;
  return {
    maxInFlight: typeof maxInFlight === 'function' ? maxInFlight(subgraph) : maxInFlight,
    timeoutMs: deadline && deadline.timeoutMsFor(subgraph),
  };
}

describe('gateway/call layers', () => {
  it('are all present by default', () => {
    expect(layersOf()).toMatchObject({
      sharing: true,
      breaker: { failureShare: 0.5, minCalls: 20, windowMs: 10_000, openMs: 2_000 },
      retries: { maxRetries: 1, budgetShare: 0.2, maxBackoffMs: 50 },
      inFlight: { maxWaiting: 256, maxWaitMs: 1_000 },
      deadline: { sendRemainingTime: true },
    });
    expect(perSubgraph(layersOf(), 'users')).toEqual({ maxInFlight: 64, timeoutMs: 3_000 });
  });

  it.each([
    ['sharing', 'sharing'],
    ['breaker', 'breaker'],
    ['inFlightLimit', 'inFlight'],
  ] as const)('%s: false leaves %s out', (setting, layer) => {
    expect(layersOf({ calls: { [setting]: false } })[layer]).toBe(false);
  });

  it('log when a subgraph is no longer called, and when it is called again', () => {
    const { breaker } = layersOf();
    lines = [];
    if (breaker) {
      breaker.onChange?.('users', true);
      breaker.onChange?.('users', false);
    }
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'error', msg: 'subgraph calls stopped', subgraph: 'users', forMs: 2_000 },
      { level: 'info', msg: 'subgraph calls resumed', subgraph: 'users' },
    ]);
  });

  it('leaves retries out when there are to be none', () => {
    expect(layersOf({ calls: { maxRetries: 0 } }).retries).toBe(false);
  });

  it('converts percentages to shares', () => {
    const layers = layersOf({ calls: { breakerFailurePercent: 80, retryBudgetPercent: 5 } });
    expect(layers).toMatchObject({
      breaker: { failureShare: 0.8 },
      retries: { budgetShare: 0.05 },
    });
  });

  it('uses the settings of a subgraph, and the general ones for all others', () => {
    const layers = layersOf({
      subgraphs: {
        timeoutMs: 500,
        each: { 'fancy-books': { timeoutMs: 9_000 }, users: { maxInFlight: 3 } },
      },
      calls: { maxInFlight: 10 },
    });
    expect(perSubgraph(layers, 'fancy-books')).toEqual({ maxInFlight: 10, timeoutMs: 9_000 });
    expect(perSubgraph(layers, 'users')).toEqual({ maxInFlight: 3, timeoutMs: 500 });
  });

  it('finds the longest timeout of a subgraph', () => {
    const each = { users: { timeoutMs: 9_000 } };
    const { subgraphs } = loadGatewayConfig({}, [{ subgraphs: { each } }]);
    expect(longestTimeoutMs(subgraphs)).toBe(9_000);
  });
});
