import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { type Authenticate, createAuthenticate } from './authenticate.ts';
import type { JsonWebKeys } from './json-web-keys.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = createPublicKey(privateKey);
const startMs = 1_800_000_000_000;

/** An authenticator with a clock that the test controls; `lookups` counts how often a token was really verified. */
function createSubject(cacheMax = 100): {
  readonly authenticate: Authenticate;
  readonly state: { nowMs: number; lookups: number; published: boolean; fresh: boolean };
} {
  const state = { nowMs: startMs, lookups: 0, published: true, fresh: true };
  const keyOf = (kid: string): KeyObject | undefined =>
    kid === 'a' && state.published ? publicKey : undefined;
  const keys: JsonWebKeys = {
    find: (kid) => {
      state.lookups += 1;
      return Promise.resolve(keyOf(kid));
    },
    isStill: (kid, key) => (state.fresh ? keyOf(kid) === key : undefined),
    areKnown: () => Promise.resolve(true),
  };
  const authenticate = createAuthenticate({
    issuer: 'issuer',
    audience: 'audience',
    maxLifetimeSeconds: 3_600,
    keys,
    clock: { now: () => state.nowMs },
    cacheMax,
  });
  return { authenticate, state };
}

function bearer(claims: object = {}, noTimestamp = false): string {
  const payload = {
    iss: 'issuer',
    aud: 'audience',
    sub: '1',
    role: 'admin',
    scope: 'a  b',
    sid: 's',
    iat: startMs / 1000,
    exp: startMs / 1000 + 900,
    ...claims,
  };
  const header = { alg: 'ES256', typ: 'at+jwt', kid: 'a' };
  return `Bearer ${jwt.sign(payload, privateKey, { algorithm: 'ES256', header, noTimestamp })}`;
}

describe('identity/authenticate', () => {
  it('returns an anonymous viewer without a header', async () => {
    const { authenticate, state } = createSubject();
    expect(await authenticate(undefined)).toEqual({ kind: 'anonymous' });
    expect(state.lookups).toBe(0);
  });

  it('reads the viewer from the claims', async () => {
    const { authenticate } = createSubject();
    expect(await authenticate(bearer())).toEqual({
      kind: 'user',
      id: '1',
      role: 'admin',
      scopes: ['a', 'b'],
      sessionId: 's',
    });
  });

  it('threat 44: looks up no key for a token of 100 KB, even a valid one', async () => {
    const { authenticate, state } = createSubject();
    const header = bearer({ padding: 'x'.repeat(75_000) });
    expect(header.length).toBeGreaterThan(100_000);
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(state.lookups).toBe(0);
  });

  it('verifies a token once, until it expires', async () => {
    const { authenticate, state } = createSubject();
    const header = bearer();
    await authenticate(header);
    state.nowMs += 899_999;
    await authenticate(header);
    expect(state.lookups).toBe(1);
    state.nowMs += 1;
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('caches no more tokens than allowed', async () => {
    const { authenticate, state } = createSubject(2);
    const headers = ['1', '2', '3'].map((sub) => bearer({ sub }));
    for (const header of headers) await authenticate(header);
    await authenticate(String(headers[0]));
    expect(state.lookups).toBe(4);
  });

  it('does not cache an invalid token', async () => {
    const { authenticate, state } = createSubject();
    const header = bearer({ aud: 'other' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(state.lookups).toBe(2);
  });

  it('forgets tokens verified with a key when the key is withdrawn', async () => {
    const { authenticate, state } = createSubject();
    const header = bearer();
    await authenticate(header);
    state.published = false;
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('looks up the key of a cached token when the keys are too old', async () => {
    const { authenticate, state } = createSubject();
    const header = bearer();
    await authenticate(header);
    state.fresh = false;
    expect(await authenticate(header)).toMatchObject({ id: '1' });
    expect(state.lookups).toBe(2);
    state.published = false;
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('limits the lifetime of a token from its beginning, whatever expiry it has', async () => {
    const { authenticate, state } = createSubject();
    const header = bearer({ exp: startMs / 1000 + 10 * 365 * 86_400 });
    expect(await authenticate(header)).toMatchObject({ id: '1' });
    state.nowMs += 3_599_999;
    expect(await authenticate(header)).toMatchObject({ id: '1' });
    state.nowMs += 1;
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each([
    ['was issued too long ago', { iat: startMs / 1000 - 3_601 }],
    ['was issued in the future', { iat: startMs / 1000 + 61 }],
    ['does not say when it was issued', 'nothing'],
  ])('rejects a token that %s', async (_what, claims) => {
    const { authenticate } = createSubject();
    const token = claims === 'nothing' ? bearer({}, true) : bearer(claims as object);
    await expect(authenticate(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('accepts the scheme in any case (RFC 9110 §11.1)', async () => {
    const { authenticate } = createSubject();
    expect(await authenticate(bearer().replace('Bearer', 'bEARER'))).toMatchObject({ id: '1' });
  });
});
