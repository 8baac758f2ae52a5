import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import {
  settled,
  subgraphFailure,
  subgraphInHand,
  subgraphRequest,
  subgraphResponse,
} from '../../test/support/subgraph-calls.ts';
import { type FetchLayerOptions, fetchLayers, layered } from './layers.ts';
import type { FetchLayer, SubgraphFetch } from './types.ts';

const dependencies = { clock: systemClock, random: () => 0 };
const allOn: FetchLayerOptions = {
  sharing: true,
  breaker: { failureShare: 0.5, minCalls: 20, windowMs: 10_000, openMs: 2_000 },
  retries: { maxRetries: 1, budgetShare: 0.2, maxBackoffMs: 50 },
  inFlight: { maxInFlight: 64, maxWaiting: 256, maxWaitMs: 1_000 },
  deadline: { timeoutMsFor: () => 3_000, sendRemainingTime: true },
};

describe('fetching/layers', () => {
  it('puts the first layer outermost, and nothing around a fetch without layers', () => {
    const seen: string[] = [];
    const named =
      (name: string): FetchLayer =>
      (next) =>
      (request) => {
        seen.push(name);
        return next(request);
      };
    const fetch: SubgraphFetch = () => Promise.resolve(subgraphResponse());
    void layered(fetch, [named('a'), named('b')])(subgraphRequest());
    expect(seen).toEqual(['a', 'b']);
    expect(layered(fetch, [])).toBe(fetch);
  });

  it('keeps only the layer that cannot be turned off when all others are off', () => {
    const off = {
      sharing: false,
      breaker: false,
      retries: false,
      inFlight: false,
      deadline: false,
    } as const;
    expect(fetchLayers(off, dependencies)).toHaveLength(1);
  });

  it('passes a call through all layers, and its answer back', async () => {
    const { fetch, calls } = subgraphInHand();
    const ask = layered(fetch, fetchLayers(allOn, dependencies));
    const answers = [1, 2].map(() => settled(ask(subgraphRequest())));
    expect(calls).toHaveLength(1);
    expect(calls[0]?.request.headers).toEqual([
      'x-gateway-identity',
      'token-of-john',
      'x-deadline-ms',
      '3000',
    ]);
    calls[0]?.answer();
    expect(await Promise.all(answers)).toEqual([subgraphResponse(), subgraphResponse()]);
  });

  it('shields a dead subgraph: of 1,000 failing queries only a few dozen reach it', async () => {
    let asked = 0;
    const fetch: SubgraphFetch = () => {
      asked += 1;
      return Promise.reject(subgraphFailure({ status: 503 }));
    };
    const ask = layered(fetch, fetchLayers(allOn, dependencies));
    for (let call = 0; call < 1_000; call += 1) {
      await expect(ask(subgraphRequest())).rejects.toMatchObject({ code: 'SUBGRAPH_ERROR' });
    }
    expect(asked).toBe(24);
  });
});
