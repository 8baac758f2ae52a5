import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { anonymous } from '../../common/viewer.ts';
import { generatePrivateKeyPem } from '../../subgraphs/users/services/private-key-pem.ts';
import { users } from '../../subgraphs/users/subgraph.ts';
import { type OpenTestHome, openTestHome } from '../support/database.ts';
import { startTestSubgraph } from '../support/subgraph.ts';

/** What the gateway expects of an access token. */
const expected = {
  issuer: 'supergraph-users',
  audience: 'supergraph',
  algorithms: ['ES256'],
  typ: 'at+jwt',
};

/** What one run of the subgraph gives out. */
interface Run {
  readonly accessToken: string;
  readonly keys: JSONWebKeySet['keys'];
  readonly cacheControl: string | null;
  /** Whether a token is valid by the keys that this run publishes. */
  verify(token: string): ReturnType<typeof jwtVerify>;
}

describe('users/published-keys', () => {
  let dataDir: string;
  let home: Awaited<ReturnType<OpenTestHome>>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'users-'));
    home = await openTestHome();
  });
  afterAll(async () => {
    await home.close();
    await rm(dataDir, { recursive: true });
  });

  const duringRun = async (
    environment: Record<string, string>,
    tests: (run: Run) => Promise<void>,
  ): Promise<void> => {
    const server = await startTestSubgraph(users, home, { dataDir, environment });
    try {
      const { data } = await server.ask(
        anonymous,
        'mutation ($input: LoginInput!) { login(input: $input) { session { accessToken } } }',
        { input: { email: 'admin@example.com', password: 'pass123' } },
      );
      const address = new URL('/.well-known/jwks.json', server.url);
      const remoteKeys = createRemoteJWKSet(address);
      const response = await fetch(address);
      await tests({
        accessToken: data.login.session.accessToken,
        keys: ((await response.json()) as JSONWebKeySet).keys,
        cacheControl: response.headers.get('cache-control'),
        verify: (token) => jwtVerify(token, remoteKeys, expected),
      });
    } finally {
      await server.stop();
    }
  };

  it('verify an access token, without credentials', async () => {
    await duringRun({}, async ({ accessToken, keys, cacheControl, verify }) => {
      const { payload, protectedHeader } = await verify(accessToken);
      expect(payload).toMatchObject({ sub: '3', role: 'admin' });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
      expect(keys.map(({ kid }) => kid)).toEqual([protectedHeader.kid]);
      expect(cacheControl).toBe('public, max-age=300');
    });
  });

  it('verify, in development, tokens from before a restart', async () => {
    await duringRun({}, async ({ accessToken }) => {
      await duringRun({}, async ({ verify }) => {
        await expect(verify(accessToken)).resolves.toBeDefined();
      });
    });
  });

  it('verify, after a rotation, tokens of the old key and of the new one, until the old one is gone', async () => {
    const [oldKey, newKey] = [generatePrivateKeyPem(), generatePrivateKeyPem()];
    await duringRun({ ACCESS_TOKEN_PRIVATE_KEYS: oldKey }, async (before) => {
      await duringRun({ ACCESS_TOKEN_PRIVATE_KEYS: `${newKey}\n${oldKey}` }, async (during) => {
        expect(during.keys).toHaveLength(2);
        const kids = during.keys.map(({ kid }) => kid);
        expect((await during.verify(during.accessToken)).protectedHeader.kid).toBe(kids[0]);
        expect((await during.verify(before.accessToken)).protectedHeader.kid).toBe(kids[1]);
      });
      await duringRun({ ACCESS_TOKEN_PRIVATE_KEYS: newKey }, async (after) => {
        await expect(after.verify(before.accessToken)).rejects.toMatchObject({
          code: 'ERR_JWKS_NO_MATCHING_KEY',
        });
      });
    });
  });
});
