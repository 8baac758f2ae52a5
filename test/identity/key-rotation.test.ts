import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createIdentityVerifier, identityHeader } from '../../common/identity-token.ts';
import { type SmallGraph, startSmallGraph } from '../gateway/small-graph.ts';
import { type GraphQLAnswer, startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  type SigningKey,
  startKeyServer,
} from '../gateway/token-issuer.ts';

/** Keys change and issuers fail without logging out any user. */
describe('identity/key rotation', () => {
  const first = createSigningKey('first');
  const second = createSigningKey('second');
  let nowMs: number;
  let graph: SmallGraph;
  let keys: KeyServer;
  let gateway: TestGateway;

  const start = async (environment: Readonly<Record<string, string>> = {}): Promise<void> => {
    gateway = await startTestGateway(graph, {
      jwksUrl: keys.jwksUrl,
      clock: { now: () => nowMs },
      environment,
    });
  };
  beforeEach(async () => {
    nowMs = Math.floor(Date.now() / 1_000) * 1_000;
    graph = await startSmallGraph();
    keys = await startKeyServer([first]);
  });
  afterEach(async () => {
    await gateway.stop();
    await keys.stop();
    await graph.stop();
  });
  const askWith = (key: SigningKey, header = {}): Promise<GraphQLAnswer> =>
    gateway.ask('{ me }', {
      authorization: `Bearer ${createAccessToken(key, nowMs, { header })}`,
    });

  it('threat 46: a new key works from its first token on, together with the old one, and the old one until it is withdrawn', async () => {
    await start();
    expect((await askWith(first)).status).toBe(200);
    keys.publish([first, second]);
    nowMs += 30_000;
    expect((await askWith(second)).status).toBe(200);
    expect((await askWith(first)).status).toBe(200);
    keys.publish([second]);
    nowMs += 300_000;
    await askWith(second);
    await settled(() => keys.fetches() === 3);
    expect((await askWith(first)).status).toBe(401);
    expect((await askWith(second)).status).toBe(200);
  });

  it('threat 46: an unreachable issuer has no effect while its keys are cached', async () => {
    await start();
    expect((await askWith(first)).status).toBe(200);
    await keys.stop();
    nowMs += 3_600_000;
    expect((await askWith(first)).status).toBe(200);
    expect((await askWith(first)).status).toBe(200);
    keys = await startKeyServer([first]);
  });

  it('threat 46: tokens with random key ids cause one fetch in 30 s', async () => {
    await start();
    await askWith(first);
    nowMs += 30_000;
    const before = keys.fetches();
    for (let attempt = 0; attempt < 100; attempt += 1) {
      expect((await askWith(first, { kid: `random-${attempt}` })).status).toBe(401);
      nowMs += 290;
    }
    expect(keys.fetches() - before).toBe(1);
  });

  it('threat 46: until keys have been fetched a token gets 503 with Retry-After, and does not become anonymous', async () => {
    keys.publish([]);
    await start();
    const answer = await askWith(first);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.errors).toEqual([
      {
        message: 'Access tokens cannot be verified now; try again.',
        extensions: { code: 'AUTHENTICATION_UNAVAILABLE', retryAfterSeconds: 1 },
      },
    ]);
    expect(graph.authors.calls).toEqual([]);
    expect((await gateway.ask('{ me }')).status).toBe(200);
    keys.publish([first]);
    nowMs += 1_000;
    expect((await askWith(first)).status).toBe(200);
  });

  it('the key of signed identities rotates too: the gateway signs with its first one', async () => {
    const old = 'the old key of authors with its 32 bytes and more';
    const next = 'the next key of authors with its 32 bytes and more';
    await start({ SUBGRAPH_AUTHORS_IDENTITY_KEY: `${next}, ${old}` });
    await gateway.ask('{ me }');
    const token = String(graph.authors.calls.at(-1)?.headers[identityHeader]);
    const clock = { now: () => nowMs };
    expect(createIdentityVerifier('authors', [old, next], clock)(token)).toBeDefined();
    expect(createIdentityVerifier('authors', [old], clock)(token)).toBeUndefined();
  });
});

/** Waits at most two seconds for something that happens after a response. */
async function settled(isSo: () => boolean): Promise<void> {
  for (let wait = 0; wait < 400 && !isSo(); wait += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  // The fetched keys are read a moment later.
  await new Promise((resolve) => setTimeout(resolve, 20));
}
