import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import {
  settled,
  subgraphFailure,
  subgraphInHand,
  subgraphRequest,
  subgraphResponse,
} from '../../test/support/subgraph-calls.ts';
import { defaultFetchLayers, fetchLayers, layered } from './layers.ts';
import type { FetchLayer, SubgraphFetch } from './types.ts';

const dependencies = { clock: systemClock, random: () => 0 };

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
      enforceDeadline: false,
    } as const;
    expect(fetchLayers(off, dependencies)).toHaveLength(1);
  });

  it('passes a call through all layers as they are by default, and its answer back', async () => {
    const { fetch, calls } = subgraphInHand();
    const ask = layered(fetch, fetchLayers(defaultFetchLayers, dependencies));
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
    const ask = layered(fetch, fetchLayers(defaultFetchLayers, dependencies));
    for (let call = 0; call < 1_000; call += 1) {
      await expect(ask(subgraphRequest())).rejects.toMatchObject({ code: 'SUBGRAPH_ERROR' });
    }
    expect(asked).toBe(24);
  });
});
