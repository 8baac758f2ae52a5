import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from '../gateway/small-graph.ts';
import { type GraphQLAnswer, startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';
import { eventually } from '../support/eventually.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** The server that publishes keys may be unreachable or silent: at first, and later. */
describe('faults/published keys', () => {
  const key = createSigningKey('a');
  let graph: SmallGraph;
  let server: KeyServer;
  let proxy: TcpProxy;
  let gateway: TestGateway;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = 1_800_000_000_000;
    graph = await startSmallGraph();
    server = await startKeyServer([key]);
    proxy = await startTcpProxy({ port: Number(new URL(server.jwksUrl).port) });
    gateway = await startTestGateway(graph, {
      jwksUrl: `http://127.0.0.1:${proxy.port}/jwks.json`,
      settings: { accessTokens: { jwksTimeoutMs: 300 } },
      clock: { now: () => nowMs },
    });
  });
  afterEach(async () => {
    await gateway.stop();
    await proxy.stop();
    await Promise.all([server.stop(), graph.stop()]);
  });

  const ask = (): Promise<GraphQLAnswer> =>
    gateway.ask('{ me }', { authorization: `Bearer ${createAccessToken(key, nowMs)}` });

  it.each([
    ['says nothing', () => proxy.silence(), () => proxy.speak()],
    ['cannot be reached', () => proxy.refuse(), () => proxy.speak()],
  ])(
    'accepts tokens once a server that %s is back, and delays no request',
    async (_what, break_, mend) => {
      break_();
      const refused = await ask();
      expect([refused.status, refused.errors?.[0]?.extensions.code]).toEqual([
        503,
        'AUTHENTICATION_UNAVAILABLE',
      ]);
      expect((await gateway.ask('{ me }')).status).toBe(200);
      mend();
      const answer = await eventually(
        () => {
          nowMs += 1_000;
          return ask();
        },
        ({ status }) => status === 200,
      );
      expect(answer.errors).toBeUndefined();
    },
  );

  it('keeps its keys when the server becomes silent, and gets a new one when it is back', async () => {
    expect((await ask()).status).toBe(200);
    proxy.silence();
    for (let time = 0; time < 3; time += 1) {
      nowMs += 300_000;
      expect((await ask()).status).toBe(200);
    }
    const next = createSigningKey('b');
    server.publish([next]);
    proxy.speak();
    await eventually(
      () => {
        nowMs += 30_000;
        const token = createAccessToken(next, nowMs);
        return gateway.ask('{ me }', { authorization: `Bearer ${token}` });
      },
      ({ status }) => status === 200,
    );
    // This withdraws the old key, and with it the tokens that it had verified.
    expect((await ask()).status).toBe(401);
  });
});
