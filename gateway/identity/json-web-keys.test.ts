import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../common/logger.ts';
import {
  createJsonWebKeys,
  fetchIntervalMs,
  firstFetchIntervalMs,
  type JsonWebKeys,
  refreshAfterMs,
  waitAfterMs,
} from './json-web-keys.ts';

type Answer = () => Response | Promise<Response>;

/** An issuer whose responses the test decides, with a clock that the test controls. */
interface Issuer {
  readonly keys: JsonWebKeys;
  fetches: number;
  nowMs: number;
  answer: Answer;
  readonly log: string[];
}

function createIssuer(answer: Answer): Issuer {
  const issuer: { -readonly [Key in keyof Issuer]: Issuer[Key] } = {
    fetches: 0,
    nowMs: 1_800_000_000_000,
    answer,
    log: [],
    keys: createJsonWebKeys({
      url: 'http://issuer.test/jwks.json',
      timeoutMs: 50,
      clock: { now: () => issuer.nowMs },
      log: createLogger('test', 'warn', { write: (line) => issuer.log.push(line) }),
      fetch: (_url, init) => {
        issuer.fetches += 1;
        const aborted = new Promise<never>((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => {
            reject(new Error('aborted'));
          });
        });
        return Promise.race([Promise.resolve(issuer.answer()), aborted]);
      },
    }),
  };
  return issuer;
}

function jwk(kid: string, curve = 'P-256'): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  return { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid };
}

const first = jwk('first');
const second = jwk('second');
const publishing =
  (...keys: readonly unknown[]): Answer =>
  () =>
    Response.json({ keys });
const outage: Answer = () => Promise.reject(new Error('connect ECONNREFUSED'));

describe('identity/json-web-keys', () => {
  it('finds a published key, fetching once for many callers', async () => {
    const issuer = createIssuer(publishing(first, second));
    const found = await Promise.all(
      ['first', 'second', 'first'].map((kid) => issuer.keys.find(kid)),
    );
    expect(found.map((key) => key?.export({ format: 'jwk' }).x)).toEqual([
      first.x,
      second.x,
      first.x,
    ]);
    expect(issuer.fetches).toBe(1);
  });

  it('threat 46: fetches once in 30 s, however many unknown key ids arrive', async () => {
    const issuer = createIssuer(publishing(first));
    await issuer.keys.find('first');
    for (let attempt = 0; attempt < 200; attempt += 1) {
      expect(await issuer.keys.find(`random-${attempt}`)).toBeUndefined();
      issuer.nowMs += fetchIntervalMs / 100;
    }
    // 60 s have passed since the first fetch.
    expect(issuer.fetches).toBe(2);
  });

  it('threat 46: learns a new key when a token names it', async () => {
    const issuer = createIssuer(publishing(first));
    await issuer.keys.find('first');
    issuer.answer = publishing(second, first);
    issuer.nowMs += fetchIntervalMs;
    expect(await issuer.keys.find('second')).toBeDefined();
    expect(await issuer.keys.find('first')).toBeDefined();
    expect(issuer.fetches).toBe(2);
  });

  it('refreshes an old set in the background, and forgets a withdrawn key', async () => {
    const issuer = createIssuer(publishing(first));
    await issuer.keys.find('first');
    issuer.answer = publishing(second);
    issuer.nowMs += refreshAfterMs;
    expect(await issuer.keys.find('first')).toBeDefined();
    await settled();
    expect(await issuer.keys.find('first')).toBeUndefined();
    expect(issuer.fetches).toBe(2);
  });

  it('does not use a set over its maximum age: a withdrawn key is not found', async () => {
    const issuer = createIssuer(publishing(first));
    const key = await issuer.keys.find('first');
    issuer.answer = publishing(second);
    issuer.nowMs += waitAfterMs;
    expect(key && issuer.keys.isStill('first', key)).toBeUndefined();
    expect(await issuer.keys.find('first')).toBeUndefined();
    expect(key && issuer.keys.isStill('first', key)).toBe(false);
  });

  it('keeps the object of an unchanged key, and has a new one for a changed key', async () => {
    const issuer = createIssuer(publishing(first, second));
    const [key, other] = [await issuer.keys.find('first'), await issuer.keys.find('second')];
    issuer.answer = publishing({ ...first, alg: 'ES256' }, jwk('second'));
    issuer.nowMs += waitAfterMs;
    expect(await issuer.keys.find('first')).toBe(key);
    expect(await issuer.keys.find('second')).not.toBe(other);
    expect(other && issuer.keys.isStill('second', other)).toBe(false);
  });

  it.each<readonly [string, unknown]>([
    ['is not an object', null],
    ['has no type', { kid: 'bad' }],
    ['has no id', { ...second, kid: undefined }],
    ['lacks a coordinate', { ...second, kid: 'bad', y: undefined }],
    ['is not a point on the curve', { ...second, kid: 'bad', y: second.x }],
    ['has a coordinate in another encoding', { ...second, kid: 'bad', x: '§§§' }],
  ])('accepts the valid keys of a set in which one %s, and logs that one', async (_what, bad) => {
    const issuer = createIssuer(publishing(bad, first));
    expect(await issuer.keys.find('first')).toBeDefined();
    expect(issuer.log.join()).toContain('a published key is malformed');
    expect(await issuer.keys.find('bad')).toBeUndefined();
  });

  it('is known once a set has been fetched', async () => {
    const issuer = createIssuer(outage);
    expect(await issuer.keys.areKnown()).toBe(false);
    issuer.answer = publishing(first);
    issuer.nowMs += firstFetchIntervalMs;
    expect(await issuer.keys.areKnown()).toBe(true);
    issuer.answer = outage;
    issuer.nowMs += waitAfterMs;
    expect(await issuer.keys.areKnown()).toBe(true);
  });

  it('threat 46: survives an outage with the last valid set', async () => {
    const issuer = createIssuer(publishing(first));
    await issuer.keys.find('first');
    issuer.answer = outage;
    for (let hours = 0; hours < 3; hours += 1) {
      issuer.nowMs += 3_600_000;
      expect(await issuer.keys.find('first')).toBeDefined();
      await settled();
    }
    expect(issuer.fetches).toBe(4);
  });

  it('reports that it cannot verify until there is a set, and tries again in a second', async () => {
    const issuer = createIssuer(outage);
    const unavailable = { code: 'AUTHENTICATION_UNAVAILABLE', retryAfterSeconds: 1 };
    await expect(issuer.keys.find('first')).rejects.toMatchObject(unavailable);
    issuer.answer = publishing(first);
    await expect(issuer.keys.find('first')).rejects.toMatchObject(unavailable);
    expect(issuer.fetches).toBe(1);
    issuer.nowMs += firstFetchIntervalMs;
    expect(await issuer.keys.find('first')).toBeDefined();
  });

  it.each<readonly [string, Answer]>([
    ['is silent', () => new Promise(() => undefined)],
    ['fails', () => Response.json({ keys: [second] }, { status: 500 })],
    ['sends no JSON', () => new Response('<html>')],
    ['sends no set', () => Response.json([second])],
    ['sends no key of ES256', publishing({ kty: 'RSA', kid: 'first', n: 'AQAB', e: 'AQAB' })],
    ['sends over 64 KB', publishing(second, { padding: 'x'.repeat(70_000) })],
    ['sends a hundred keys', publishing(...Array.from({ length: 100 }, () => second))],
  ])('keeps the last valid set when the issuer %s', async (_what, answer) => {
    const issuer = createIssuer(publishing(first));
    await issuer.keys.find('first');
    issuer.answer = answer;
    issuer.nowMs += fetchIntervalMs;
    expect(await issuer.keys.find('second')).toBeUndefined();
    expect(await issuer.keys.find('first')).toBeDefined();
    expect(issuer.fetches).toBe(2);
  });

  it('skips keys of other kinds and uses', async () => {
    const issuer = createIssuer(
      publishing(
        { kty: 'oct', kid: 'secret', k: 'AAAA' },
        jwk('other-curve', 'P-384'),
        { ...jwk('for-encryption'), use: 'enc' },
        { ...first, x5u: 'http://evil.test/' },
      ),
    );
    expect(await issuer.keys.find('first')).toBeDefined();
    expect(issuer.log).toEqual([]);
    for (const kid of ['secret', 'other-curve', 'for-encryption']) {
      expect(await issuer.keys.find(kid)).toBeUndefined();
    }
  });

  it('does not store the private half of a key', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const issuer = createIssuer(
      publishing({ ...privateKey.export({ format: 'jwk' }), kid: 'leaked' }),
    );
    expect((await issuer.keys.find('leaked'))?.type).toBe('public');
  });
});

/** Lets a fetch in the background finish. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
