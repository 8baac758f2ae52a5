import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadAccessTokenSettings } from './load-settings.ts';
import { generatePrivateKeyPem } from './services/private-key-pem.ts';

const pem = generatePrivateKeyPem().trim();
const other = generatePrivateKeyPem().trim();

describe('users/load-settings', () => {
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'access-token-keys-'));
    file = join(folder, 'keys.pem');
    writeFileSync(file, `${other}\n${pem}\n`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('needs no settings in development', () => {
    expect(loadAccessTokenSettings({}, 'development')).toEqual({
      issuer: 'supergraph-users',
      audience: 'supergraph',
    });
  });

  it('reads issuer, audience and keys from the environment', () => {
    const environment = {
      ACCESS_TOKEN_ISSUER: 'https://shop.example',
      ACCESS_TOKEN_AUDIENCE: 'shop',
      ACCESS_TOKEN_PRIVATE_KEYS: `${pem}\n${other}`,
    };
    expect(loadAccessTokenSettings(environment, 'production')).toEqual({
      issuer: 'https://shop.example',
      audience: 'shop',
      privateKeys: [pem, other],
    });
  });

  it('reads issuer and audience from the settings file, which the variables override', () => {
    const settings = join(folder, 'settings.yaml');
    writeFileSync(settings, 'accessTokens: { issuer: a, audience: b, cacheMax: 1 }');
    const environment = { GATEWAY_CONFIG: settings, ACCESS_TOKEN_AUDIENCE: 'c' };
    expect(loadAccessTokenSettings(environment, 'development')).toEqual({
      issuer: 'a',
      audience: 'c',
    });
    writeFileSync(settings, 'accessTokens: { issuer: 5 }');
    expect(() => loadAccessTokenSettings(environment, 'development')).toThrow(
      /settings\.yaml:1: accessTokens\.issuer: takes a text/,
    );
  });

  it('reads keys from a file', () => {
    const environment = { ACCESS_TOKEN_PRIVATE_KEYS_FILE: file };
    const { privateKeys } = loadAccessTokenSettings(environment, 'production');
    expect(privateKeys).toEqual([other, pem]);
  });

  it('refuses to run in production without keys, and says how to create one', () => {
    expect(() => loadAccessTokenSettings({}, 'production')).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringMatching(
          /^ACCESS_TOKEN_PRIVATE_KEYS is missing.*openssl ecparam -name prime256v1 -genkey/,
        ),
      }),
    );
  });

  it('names the variable of an invalid key and does not repeat its value, which may be secret', () => {
    const environment = { ACCESS_TOKEN_PRIVATE_KEYS: 'c2VjcmV0' };
    expect(() => loadAccessTokenSettings(environment, 'development')).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringMatching(
          /^(?!.*c2VjcmV0).*ACCESS_TOKEN_PRIVATE_KEYS: takes unencrypted P-256 private keys/,
        ),
      }),
    );
  });

  it('refuses keys from two places', () => {
    const environment = {
      ACCESS_TOKEN_PRIVATE_KEYS: pem,
      ACCESS_TOKEN_PRIVATE_KEYS_FILE: file,
    };
    expect(() => loadAccessTokenSettings(environment, 'development')).toThrow(
      'ACCESS_TOKEN_PRIVATE_KEYS and ACCESS_TOKEN_PRIVATE_KEYS_FILE are both set',
    );
  });

  it('names the variable of a file that cannot be read', () => {
    const environment = { ACCESS_TOKEN_PRIVATE_KEYS_FILE: join(folder, 'none.pem') };
    expect(() => loadAccessTokenSettings(environment, 'development')).toThrow(
      /^ACCESS_TOKEN_PRIVATE_KEYS_FILE names a file that cannot be read: .*ENOENT/,
    );
  });
});
