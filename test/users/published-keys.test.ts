import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { generatePrivateKeyPem } from '../../subgraphs/users/services/private-key-pem.ts';
import { users } from '../../subgraphs/users/subgraph.ts';
import { openTestHome } from '../support/database.ts';
import { startTestSubgraph } from '../support/subgraph.ts';
import { useUsers, viewers } from './users-subgraph.ts';

const jwksPath = '/.well-known/jwks.json';
const expected = {
  issuer: 'supergraph-users',
  audience: 'supergraph',
  algorithms: ['ES256'],
  typ: 'at+jwt',
};

describe('users/published-keys', () => {
  const oldKey = generatePrivateKeyPem();
  const newKey = generatePrivateKeyPem();
  const before = useUsers(openTestHome, { ACCESS_TOKEN_PRIVATE_KEYS: oldKey });
  const after = useUsers(openTestHome, { ACCESS_TOKEN_PRIVATE_KEYS: `${newKey}\n${oldKey}` });

  it('verify an access token of a login, found by whoever knows the address', async () => {
    const { accessToken } = await before.login('john@example.com', 'pass456');
    const keys = createRemoteJWKSet(new URL(jwksPath, before.url()));
    const { payload } = await jwtVerify(accessToken, keys, expected);
    expect(payload).toMatchObject({
      sub: '1',
      role: 'customer',
      scope: 'profile orders:read reviews:write',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
  });

  it('may be cached for five minutes', async () => {
    const response = await fetch(new URL(jwksPath, before.url()));
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  });

  it('verify, after a rotation, tokens of the old key and of the new one', async () => {
    const old = await before.login('john@example.com', 'pass456');
    const fresh = await after.login('john@example.com', 'pass456');
    const keys = (await (await fetch(new URL(jwksPath, after.url()))).json()) as JSONWebKeySet;
    expect(keys.keys).toHaveLength(2);
    const verify = createLocalJWKSet(keys);
    const oldToken = await jwtVerify(old.accessToken, verify, expected);
    const freshToken = await jwtVerify(fresh.accessToken, verify, expected);
    expect(freshToken.protectedHeader.kid).toBe(keys.keys[0]?.kid);
    expect(oldToken.protectedHeader.kid).toBe(keys.keys[1]?.kid);
  });
});

describe('users/published-keys in development', () => {
  it('verify tokens from before a restart', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'users-'));
    const home = await openTestHome();
    try {
      const first = await startTestSubgraph(users, home, { dataDir });
      const { data } = await first.ask(
        viewers.nobody,
        'mutation ($input: LoginInput!) { login(input: $input) { session { accessToken } } }',
        { input: { email: 'john@example.com', password: 'pass456' } },
      );
      await first.stop();
      const second = await startTestSubgraph(users, home, { dataDir });
      const keys = createRemoteJWKSet(new URL(jwksPath, second.url));
      await expect(
        jwtVerify(data.login.session.accessToken, keys, expected),
      ).resolves.toBeDefined();
      await second.stop();
    } finally {
      await home.close();
      await rm(dataDir, { recursive: true });
    }
  });
});
