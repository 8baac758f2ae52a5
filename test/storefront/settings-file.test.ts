import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStorefront } from '../../storefront/start-storefront.ts';
import { accounts, startTestStorefront } from '../support/storefront.ts';

/** One settings file for all services of a process. */
describe('storefront: the settings file', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-file-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function fileWith(content: string): Promise<{ readonly GATEWAY_CONFIG: string }> {
    const path = join(folder, 'settings.yaml');
    await writeFile(path, content);
    return { GATEWAY_CONFIG: path };
  }

  it('says for users and for the gateway whose tokens these are, and with which key both of them speak', async () => {
    const environment = await fileWith(`
accessTokens: { issuer: our-users, audience: our-shop }
subgraphs:
  each:
    users: { identityKey: one key of users that is in the file }
`);
    const storefront = await startTestStorefront({ environment });
    try {
      const token = await storefront.login(accounts.john);
      const [, claims = ''] = token.split('.');
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
        iss: 'our-users',
        aud: 'our-shop',
      });
      const { data, errors } = await storefront.ask(token, '{ me { email } }');
      expect([data, errors]).toEqual([{ me: { email: accounts.john.username } }, undefined]);
    } finally {
      await storefront.stop();
    }
  });

  it('says where a subgraph and the keys are, though one listens here', async () => {
    const environment = await fileWith(`
accessTokens: { jwksUrl: "http://127.0.0.1:9/" }
subgraphs: { each: { products: { url: "http://127.0.0.1:9/graphql" } } }
`);
    const storefront = await startTestStorefront({ environment });
    try {
      const { errors } = await storefront.ask(undefined, '{ catalog(first: 1) { nodes { id } } }');
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['SUBGRAPH_ERROR']);
      const token = await storefront.login(accounts.john);
      const refused = await storefront.ask(token, '{ __typename }');
      expect(refused.errors?.[0]?.extensions?.code).toBe('AUTHENTICATION_UNAVAILABLE');
    } finally {
      await storefront.stop();
    }
  });

  it('is reported once, with all its mistakes, before anything starts', async () => {
    const environment = await fileWith(
      'database:\n  pool: 5\nserver:\n  drainDelaysMs: 5\nservr: {}\n',
    );
    const data = join(folder, 'data');
    const failure = await startStorefront({ ...environment, DATA_DIR: data }).then(
      () => 'started',
      (error: unknown) => (error as Error).message,
    );
    expect(failure.replaceAll(environment.GATEWAY_CONFIG, 'FILE').split('\n')).toEqual([
      '3 settings are wrong:',
      expect.stringMatching(/^FILE:5: servr: no setting has this name; the nearest is server/),
      expect.stringMatching(/^FILE:2: database\.pool: .* the nearest is poolMax/),
      expect.stringMatching(/^FILE:4: server\.drainDelaysMs: .* the nearest is drainDelayMs/),
    ]);
    expect(existsSync(data)).toBe(false);
  });
});
