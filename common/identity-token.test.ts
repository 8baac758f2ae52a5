import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Clock } from './clock.ts';
import { createIdentitySigner, createIdentityVerifier } from './identity-token.ts';
import { anonymous, type Viewer } from './viewer.ts';

const key = 'a key of products with 32 bytes at least';
const otherKey = 'another key of products with 32 bytes, too';
const now = Date.parse('2026-11-23T08:00:00.000Z');
const clock: Clock = { now: () => now };
const jane: Viewer = {
  kind: 'user',
  id: '2',
  role: 'customer',
  scopes: ['orders:read', 'orders:write'],
  sessionId: 'session-1',
};

describe('common/identity-token', () => {
  it.each([
    ['an anonymous viewer', anonymous],
    ['a customer', jane],
    ['an admin without scopes', { ...jane, role: 'admin' as const, scopes: [] }],
  ])('carries %s from signer to verifier', (_, viewer) => {
    expect(verify(sign(viewer).token)).toEqual(viewer);
  });

  it('expires after 60 seconds, and says when', () => {
    const { token, expiresAt } = sign(jane);
    expect(expiresAt).toBe(now / 1000 + 60);
    expect(verify(token, at(59_999))).toEqual(jane);
    expect(verify(token, at(60_000))).toBeUndefined();
  });

  it('expires for a verifier that has accepted it before', () => {
    let time = now;
    const verifier = createIdentityVerifier('products', [key], { now: () => time });
    const { token } = sign(jane);
    for (const [afterMs, viewer] of [
      [0, jane],
      [59_999, jane],
      [60_000, undefined],
      [600_000, undefined],
    ] as const) {
      time = now + afterMs;
      expect(verifier(token)).toEqual(viewer);
    }
  });

  it('is invalid with another signature, also after the right one was accepted', () => {
    const verifier = createIdentityVerifier('products', [key], clock);
    const { token } = sign(jane);
    expect(verifier(token)).toEqual(jane);
    const end = token.endsWith('AA') ? 'BB' : 'AA';
    expect(verifier(token.slice(0, -2) + end)).toBeUndefined();
  });

  it('is invalid at another subgraph, even with the same key', () => {
    const verifyOrders = createIdentityVerifier('orders', [key], clock);
    expect(verifyOrders(sign(jane).token)).toBeUndefined();
  });

  it('is invalid with another key', () => {
    const verifyOther = createIdentityVerifier('products', [otherKey], clock);
    expect(verifyOther(sign(jane).token)).toBeUndefined();
  });

  it('is accepted with the old and the new key during a key rotation', () => {
    const rotating = createIdentityVerifier('products', [key, otherKey], clock);
    expect(rotating(sign(jane).token)).toEqual(jane);
    expect(rotating(createIdentitySigner('products', otherKey, clock)(jane).token)).toEqual(jane);
  });

  it.each([
    ['another issuer', { iss: 'other-issuer' }, {}],
    ['another type', {}, { typ: 'JWT' }],
    ['a longer life', { exp: now / 1000 + 3_600 }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['no issue time', { iat: undefined }, {}],
    ['an unknown role', { role: 'owner' }, {}],
    ['no role', { role: undefined }, {}],
    ['a subject that is not a string', { sub: 5 }, {}],
    ['no session', { sid: undefined }, {}],
    ['no scopes', { scope: undefined }, {}],
    ['another algorithm', {}, { alg: 'HS512' }],
  ] as const)('rejects a token with %s', (_, claims, header) => {
    const valid = {
      iss: 'supergraph-gateway',
      aud: 'products',
      sub: '2',
      role: 'customer',
      scope: '',
      sid: 'session-1',
      iat: now / 1000,
      exp: now / 1000 + 60,
    };
    expect(verify(forge(valid, {}))).toMatchObject({ id: '2' });
    expect(verify(forge({ ...valid, ...claims }, header))).toBeUndefined();
  });

  it('rejects an unsigned token', () => {
    const [, payload = ''] = sign(jane).token.split('.');
    const header = encode({ alg: 'none', typ: 'gateway-identity+jwt' });
    expect(verify(`${header}.${payload}.`)).toBeUndefined();
  });

  it('rejects a token that was changed after signing', () => {
    const [header = '', payload = '', signature = ''] = sign(jane).token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const admin = encode({ ...claims, role: 'admin' });
    expect(verify(`${header}.${admin}.${signature}`)).toBeUndefined();
  });

  it.each(['', 'abc', 'a.b.c', '..', 'x'.repeat(100_000)])('rejects malformed tokens', (text) => {
    expect(verify(text)).toBeUndefined();
  });

  it('rejects keys under 32 bytes', () => {
    const message = 'An identity key needs 32 bytes; this one has 5.';
    expect(() => createIdentitySigner('products', 'short')).toThrow(new RangeError(message));
    expect(() => createIdentityVerifier('products', [key, 'short'])).toThrow(
      new RangeError(message),
    );
  });
});

function sign(viewer: Viewer) {
  return createIdentitySigner('products', key, clock)(viewer);
}

function verify(token: string, when: Clock = clock): Viewer | undefined {
  return createIdentityVerifier('products', [key], when)(token);
}

function at(laterMs: number): Clock {
  return { now: () => now + laterMs };
}

/** A token with a valid signature and any claims. */
function forge(claims: object, header: { readonly alg?: string; readonly typ?: string }): string {
  const head = encode({ alg: 'HS256', typ: 'gateway-identity+jwt', ...header });
  const body = encode(claims);
  const hash = header.alg === 'HS512' ? 'sha512' : 'sha256';
  const signature = createHmac(hash, key).update(`${head}.${body}`).digest('base64url');
  return `${head}.${body}.${signature}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
