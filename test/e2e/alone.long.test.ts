import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { subgraphs } from '../../storefront/subgraphs.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/postgres.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import {
  freePorts,
  identityKeys,
  subgraphNames,
  urlVariable,
} from '../support/subgraph-settings.ts';

const onPostgres = postgresUrl === undefined ? describe.skip : describe;
const skipped = postgresUrl === undefined ? ': skipped, TEST_DATABASE_URL is not set' : '';

/** Each service is a process, in production on Postgres, as the containers run them. */
onPostgres(`each service alone${skipped}`, () => {
  const running: StartedProcess[] = [];
  let directory: string;
  let database: TestDatabase;
  let environment: Record<string, string>;
  let gatewayUrl: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'alone-'));
    database = await createTestDatabase(postgresUrl ?? '');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    environment = {
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      DATA_DIR: directory,
      LOG_LEVEL: 'info',
      ...freePorts,
      ...identityKeys,
      ACCESS_TOKEN_PRIVATE_KEYS: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const start = async (script: string): Promise<string> => {
      const service = startProcess(script, environment);
      running.push(service);
      const [, url = ''] = await service.waitFor(/"url":"(http:[^"]+)".*"msg":"listening"/);
      return url;
    };
    for (const name of subgraphNames) {
      environment[urlVariable(name)] = `${await start(`subgraphs/${name}/main.ts`)}/graphql`;
    }
    environment.JWKS_URL = `${new URL(environment.SUBGRAPH_USERS_URL ?? '').origin}/.well-known/jwks.json`;
    gatewayUrl = await start('storefront/gateway.ts');
  });
  afterAll(async () => {
    for (const service of running.reverse()) expect(await service.end('SIGTERM')).toBe(0);
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  const ask = async (query: string, token?: string): Promise<unknown> => {
    const response = await fetch(`${gatewayUrl}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query }),
    });
    return response.json();
  };

  it('is ready, and starts empty', async () => {
    expect((await fetch(`${gatewayUrl}/readyz`)).status).toBe(200);
    expect(await ask('{ products { id } catalog { nodes { id } } }')).toEqual({
      data: { products: [], catalog: { nodes: [] } },
    });
  });

  it('lets a user sign up and query their own data across services', async () => {
    const signUp = `mutation { signUp(input: { email: "ann@example.com", password: "long enough", name: "Ann" }) {
      session { accessToken } userErrors { code } } }`;
    const { data } = (await ask(signUp)) as {
      data: { signUp: { session: { accessToken: string } } };
    };
    const token = data.signUp.session.accessToken;
    expect(
      await ask('{ me { name email orders { nodes { id } } reviews { nodes { id } } } }', token),
    ).toEqual({
      data: {
        me: {
          name: 'Ann',
          email: 'ann@example.com',
          orders: { nodes: [] },
          reviews: { nodes: [] },
        },
      },
    });
  });

  it('makes a user an admin with a command, who then creates a product', async () => {
    const grant = startProcess('subgraphs/users/grant-role.ts', environment, {
      args: ['ann@example.com', 'admin'],
    });
    expect(await grant.exit()).toBe(0);
    const response = await fetch(`${gatewayUrl}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'ann@example.com', password: 'long enough' }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    expect(
      await ask('mutation { createProduct(name: "Chair", price: 49.5, stock: 1) { name } }', token),
    ).toEqual({ data: { createProduct: { name: 'Chair' } } });

    const unknown = startProcess('subgraphs/users/grant-role.ts', environment, {
      args: ['stranger@example.com', 'admin'],
    });
    expect(await unknown.exit()).toBe(1);
    expect(unknown.output()).toMatch(/no account with the address stranger@example\.com/);
  });

  it('has no demonstration accounts', async () => {
    const response = await fetch(`${gatewayUrl}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin@example.com', password: 'pass123' }),
    });
    expect(response.status).toBe(401);
  });

  it('shows neither schema nor pages', async () => {
    const { errors } = (await ask('{ __schema { queryType { name } } }')) as {
      errors: { extensions: { code: string } }[];
    };
    expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await fetch(`${gatewayUrl}/graphiql`)).status).toBe(404);
    const page = await fetch(`${gatewayUrl}/graphql`, { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toMatch(/<html/i);
  });

  it('starts on a database with demonstration data once a command has removed it', async () => {
    const demo = await createTestDatabase(postgresUrl ?? '');
    const inDevelopment = { DATABASE_URL: demo.url, DATA_DIR: directory, USERS_PORT: '0' };
    const inProduction = { ...environment, DATABASE_URL: demo.url };
    const seeding = startProcess('subgraphs/users/main.ts', inDevelopment);
    await seeding.waitFor(/"listening"/);
    expect(await seeding.end('SIGTERM')).toBe(0);
    const refused = startProcess('subgraphs/users/main.ts', inProduction);
    expect(await refused.exit()).toBe(1);
    expect(refused.output()).toMatch(/has demonstration data.*\n.*npm run demo:remove/);

    const remove = async (...args: readonly string[]): Promise<readonly string[]> => {
      const command = startProcess('storefront/remove-demonstration-data.ts', inProduction, {
        args,
      });
      expect(await command.exit()).toBe(0);
      return command.output().trimEnd().split('\n');
    };
    const others = subgraphs
      .filter(({ name }) => name !== 'users')
      .map(({ name }) => `${name}: has no demonstration data`);
    expect(await remove()).toEqual([
      'users: would remove rows: 3 of users, 0 of sessions',
      ...others,
      'Nothing was removed; add --yes to remove it.',
    ]);
    expect(await remove('--yes')).toEqual([
      'users: removed rows: 3 of users, 0 of sessions',
      ...others,
    ]);

    const starting = startProcess('subgraphs/users/main.ts', inProduction);
    await starting.waitFor(/"listening"/);
    expect(await starting.end('SIGTERM')).toBe(0);
    await demo.drop();
  }, 180_000);

  it('leaves migrations to a command, if so set, and lists the pending ones', async () => {
    const empty = await createTestDatabase(postgresUrl ?? '');
    const careful = { ...environment, DATABASE_URL: empty.url, MIGRATIONS_AT_START: 'refuse' };
    const behind = startProcess('subgraphs/orders/main.ts', careful);
    expect(await behind.exit()).toBe(1);
    const files: string[] = [];
    for (const folder of ['subgraphs/orders/data/migrations', 'events/outbox/migrations']) {
      files.push(...(await readdir(folder)).sort());
    }
    expect(behind.output()).toContain(
      `The database lacks migrations of "orders": ${files.join(', ')}.\n`,
    );
    expect(behind.output()).toContain('npm run migrate');

    const migrate = async (...args: readonly string[]): Promise<string> => {
      const command = startProcess('storefront/migrate.ts', careful, { args });
      expect(await command.exit()).toBe(0);
      return command.output();
    };
    expect(await migrate('--dry-run', 'orders')).toBe(
      files.map((name) => `orders: would apply ${name}\n`).join(''),
    );
    expect(await migrate('orders')).toBe(files.map((name) => `orders: applied ${name}\n`).join(''));
    expect(await migrate('orders')).toBe('orders: nothing to apply\n');
    const up = startProcess('subgraphs/orders/main.ts', careful);
    await up.waitFor(/"listening"/);
    expect(await up.end('SIGTERM')).toBe(0);

    const wrong = startProcess('storefront/migrate.ts', careful, { args: ['oders'] });
    expect(await wrong.exit()).toBe(2);
    expect(wrong.output()).toMatch(/no subgraph "oders"; the nearest is orders/);
    await empty.drop();
  }, 180_000);
});
