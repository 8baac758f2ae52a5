import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { type Authenticate, createAuthenticate } from './authenticate.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = createPublicKey(privateKey);
const startMs = 1_800_000_000_000;

/** An authenticator under a clock that the test moves; `lookups` counts how often a token was really verified. */
function createSubject(cacheMax = 100): {
  readonly authenticate: Authenticate;
  readonly state: { nowMs: number; lookups: number };
} {
  const state = { nowMs: startMs, lookups: 0 };
  const find = (kid: string): Promise<KeyObject | undefined> => {
    state.lookups += 1;
    return Promise.resolve(kid === 'a' ? publicKey : undefined);
  };
  const authenticate = createAuthenticate({
    issuer: 'issuer',
    audience: 'audience',
    keys: { find },
    clock: { now: () => state.nowMs },
    cacheMax,
  });
  return { authenticate, state };
}

function bearer(claims: object = {}): string {
  const payload = {
    iss: 'issuer',
    aud: 'audience',
    sub: '1',
    role: 'admin',
    scope: 'a  b',
    sid: 's',
    exp: startMs / 1000 + 900,
    ...claims,
  };
  const header = { alg: 'ES256', typ: 'at+jwt', kid: 'a' };
  return `Bearer ${jwt.sign(payload, privateKey, { algorithm: 'ES256', header })}`;
}

describe('identity/authenticate', () => {
  it('knows nobody without a header', async () => {
    const { authenticate, state } = createSubject();
    expect(await authenticate(undefined)).toEqual({ kind: 'anonymous' });
    expect(state.lookups).toBe(0);
  });

  it('reads who asks from the claims', async () => {
    const { authenticate } = createSubject();
    expect(await authenticate(bearer())).toEqual({
      kind: 'user',
      id: '1',
      role: 'admin',
      scopes: ['a', 'b'],
      sessionId: 's',
    });
  });

  it('threat 44: looks at no key for a token of 100 KB, good as it is', async () => {
    const { authenticate, state } = createSubject();
    const header = bearer({ padding: 'x'.repeat(75_000) });
    expect(header.length).toBeGreaterThan(100_000);
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(state.lookups).toBe(0);
  });

  it('verifies a token once, until it ends', async () => {
    const { authenticate, state } = createSubject();
    const header = bearer();
    await authenticate(header);
    state.nowMs += 899_999;
    await authenticate(header);
    expect(state.lookups).toBe(1);
    state.nowMs += 1;
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('remembers no more tokens than it may', async () => {
    const { authenticate, state } = createSubject(2);
    const headers = ['1', '2', '3'].map((sub) => bearer({ sub }));
    for (const header of headers) await authenticate(header);
    await authenticate(String(headers[0]));
    expect(state.lookups).toBe(4);
  });

  it('remembers nothing about a bad token', async () => {
    const { authenticate, state } = createSubject();
    const header = bearer({ aud: 'other' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(state.lookups).toBe(2);
  });

  it('takes the scheme in any case (RFC 9110 §11.1)', async () => {
    const { authenticate } = createSubject();
    expect(await authenticate(bearer().replace('Bearer', 'bEARER'))).toMatchObject({ id: '1' });
  });
});
