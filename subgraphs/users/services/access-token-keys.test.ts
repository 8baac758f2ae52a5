import { describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { readAccessTokenKeys } from './access-token-keys.ts';
import { generatePrivateKeyPem } from './private-key-pem.ts';

describe('users/access-token-keys', () => {
  it('signs with the first key and publishes all of them', () => {
    const [first, second] = [generatePrivateKeyPem(), generatePrivateKeyPem()];
    const alone = readAccessTokenKeys([first]);
    const both = readAccessTokenKeys([first, second]);
    expect(both.signing.kid).toBe(alone.signing.kid);
    expect(both.published.keys).toHaveLength(2);
    expect(both.published.keys[0]).toEqual(alone.published.keys[0]);
  });

  it('publishes nothing private', () => {
    const { published } = readAccessTokenKeys([generatePrivateKeyPem()]);
    expect(published.keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ]);
  });

  it('names a key by its thumbprint (RFC 7638)', async () => {
    const { published } = readAccessTokenKeys([generatePrivateKeyPem()]);
    const [key] = published.keys;
    expect(key?.kid).toBe(await calculateJwkThumbprint(key as JWK));
  });

  it('refuses the same key twice', () => {
    const pem = generatePrivateKeyPem();
    expect(() => readAccessTokenKeys([pem, generatePrivateKeyPem(), pem])).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: 'The private keys of access tokens contain the same key twice.',
      }),
    );
  });
});
