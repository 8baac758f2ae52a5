import { describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { createIdentitySigner, createIdentityVerifier } from './identity-token.ts';
import { createServiceIdentitySigner, createServiceIdentityVerifier } from './service-identity.ts';
import { anonymous } from './viewer.ts';

const key = 'a key of thirty-two bytes or more';
const otherKey = 'another key of thirty-two bytes or more';
const names = { service: 'orders', audience: 'products' };
const start = Date.UTC(2026, 11, 1);

describe('common/service-identity', () => {
  let now = start;
  const clock = { now: () => now };
  const verify = createServiceIdentityVerifier('products', [key], clock);

  it('tells the service that signed', () => {
    expect(verify(createServiceIdentitySigner(names, key, clock)())).toBe('orders');
  });

  it('signs again in time, and not for each call', () => {
    now = start;
    const sign = createServiceIdentitySigner(names, key, clock);
    const first = sign();
    now = start + 30_000;
    expect(sign()).toBe(first);
    now = start + 31_000;
    expect(sign()).not.toBe(first);
    expect(verify(sign())).toBe('orders');
  });

  it('ends after a minute', () => {
    now = start;
    const token = createServiceIdentitySigner(names, key, clock)();
    now = start + 59_000;
    expect(verify(token)).toBe('orders');
    now = start + 61_000;
    expect(verify(token)).toBeUndefined();
    now = start;
  });

  it('takes any of several keys', () => {
    const token = createServiceIdentitySigner(names, otherKey, clock)();
    expect(verify(token)).toBeUndefined();
    expect(createServiceIdentityVerifier('products', [key, otherKey], clock)(token)).toBe('orders');
  });

  it('is none for another audience, and none of a viewer, nor the other way round', () => {
    const sign = createServiceIdentitySigner({ ...names, audience: 'users' }, key, clock);
    expect(verify(sign())).toBeUndefined();
    expect(verify(createIdentitySigner('products', key, clock)(anonymous).token)).toBeUndefined();
    const own = createServiceIdentitySigner(names, key, clock)();
    expect(createIdentityVerifier('products', [key], clock)(own)).toBeUndefined();
  });

  it.each([
    ['without a signature', { algorithm: 'none' as const, typ: 'service-identity+jwt' }],
    ['of another type', { algorithm: 'HS256' as const, typ: 'JWT' }],
    ['that lives too long', { algorithm: 'HS256' as const, typ: 'service-identity+jwt', life: 61 }],
  ])(
    'takes no token %s',
    (
      _,
      { algorithm, typ, life = 60 }: { algorithm: 'none' | 'HS256'; typ: string; life?: number },
    ) => {
      const iat = start / 1000;
      const claims = { iss: 'orders', aud: 'products', iat, exp: iat + life };
      const secret = algorithm === 'none' ? '' : key;
      const token = jwt.sign(claims, secret, { algorithm, header: { alg: algorithm, typ } });
      expect(verify(token)).toBeUndefined();
    },
  );

  it.each(['', 'a.b.c', 'x'.repeat(10_000)])('takes nothing from %j', (token) => {
    expect(verify(token)).toBeUndefined();
  });

  it('needs 32 bytes of key', () => {
    expect(() => createServiceIdentitySigner(names, 'short')).toThrow(RangeError);
  });
});
