import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import { anonymous } from '../../common/viewer.ts';
import {
  commandsNamed,
  type DocumentedCommands,
  readCommands,
  runInShell,
} from '../support/documented-commands.ts';
import { patienceMs } from '../support/patience.ts';
import {
  type PostgresCluster,
  postgresPrograms,
  startPostgresCluster,
} from '../support/postgres-cluster.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { startTestStorefront } from '../support/storefront.ts';
import { until } from '../support/until.ts';

const document = 'docs/operations.md';
const identityKey = 'a secret of at least 32 bytes for this test';
const onOwnServer = postgresPrograms === undefined ? describe.skip : describe;
const skipped =
  postgresPrograms === undefined ? ': skipped, there is no PostgreSQL server here' : '';

describe(document, () => {
  it('checks whether a gateway is ready and answers', async () => {
    const commands = commandsNamed(await readCommands(document), 'look');
    const storefront = await startTestStorefront();
    try {
      await until(async () => (await fetch(`${storefront.gatewayUrl}/readyz`)).ok);
      const output = await runInShell(
        commands.replaceAll('http://127.0.0.1:4000', storefront.gatewayUrl),
      );
      expect(output).toMatch(/"status":"ready"/);
      expect(output).toMatch(/\{"data":\{"__typename":"Query"\}\}\s*$/);
    } finally {
      await storefront.stop();
    }
  }, 180_000);

  describe('signals and exit codes', () => {
    const started: StartedProcess[] = [];
    const start = (script: string, environment = {}, args: readonly string[] = []) => {
      const process = startProcess(script, environment, { args });
      started.push(process);
      return process;
    };
    afterEach(async () => {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all(started.splice(0).map((process) => process.exit()));
    });

    // test/e2e/stopping.long.test.ts has SIGTERM, and a second signal.
    it('are as documented for SIGHUP and SIGQUIT, and SIGUSR1 opens the debugger of Node.js', async () => {
      const environment = {
        GATEWAY_PORT: '0',
        JWKS_URL: 'http://127.0.0.1:9/',
        NODE_OPTIONS: '--inspect-port=127.0.0.1:0',
      };
      const one = start('storefront/gateway.ts', environment);
      const other = start('storefront/gateway.ts', environment);
      await one.waitFor(/"listening"/);
      await other.waitFor(/"listening"/);
      other.child.kill('SIGUSR1');
      await other.waitFor(/Debugger listening on ws:\/\/127\.0\.0\.1:/);
      expect([await one.end('SIGHUP'), one.child.signalCode]).toEqual([null, 'SIGHUP']);
      expect([await other.end('SIGQUIT'), other.child.signalCode]).toEqual([null, 'SIGQUIT']);
    }, 180_000);

    it.each([
      ['subgraphs/users/grant-role.ts', ['ann@example.com', 'admin']],
      ['storefront/migrate.ts', []],
    ])(
      'are as documented for the command %s: 2 for wrong usage, 1 for a failure',
      async (script, args) => {
        const wrong = start(script, {}, [...args, '--wrong']);
        const away = start(script, { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' }, args);
        expect([await wrong.exit(), await away.exit()]).toEqual([2, 1]);
        expect(wrong.output()).toMatch(/Usage:/);
        expect(away.output()).toMatch(/^error .*cannot be reached/);
      },
      180_000,
    );
  });

  onOwnServer(`the database${skipped}`, () => {
    const running: StartedProcess[] = [];
    let blocks: readonly DocumentedCommands[];
    let cluster: PostgresCluster;
    let folder: string;
    let signIn: string;

    beforeAll(async () => {
      blocks = await readCommands(document);
      cluster = await startPostgresCluster(String(postgresPrograms));
      folder = await mkdtemp(join(tmpdir(), 'backup-'));
    }, 180_000);
    afterAll(async () => {
      for (const service of running) service.child.kill('SIGKILL');
      await Promise.all(running.map((service) => service.exit()));
      await rm(folder, { recursive: true, force: true });
      await cluster.remove();
    });

    const urlOf = (role: string, database = 'supergraph'): string =>
      `postgres://${role}@127.0.0.1:${cluster.port}/${database}`;
    const run = (name: string, { cwd = '.', role = 'supergraph_owner' } = {}): Promise<string> =>
      runInShell(commandsNamed(blocks, name), {
        cwd,
        environment: {
          PATH: `${String(postgresPrograms)}${delimiter}${process.env.PATH ?? ''}`,
          NODE_ENV: 'production',
          ADMIN_URL: cluster.url,
          DATABASE_URL: urlOf(role),
          OWNER_URL: urlOf('supergraph_owner'),
          RESTORED_URL: urlOf('postgres', 'supergraph_restored'),
        },
      });
    const startService = (name: string, database?: string): StartedProcess => {
      const service = startProcess(
        `subgraphs/${name}/main.ts`,
        {
          NODE_ENV: 'production',
          DATABASE_URL: urlOf(name, database),
          MIGRATIONS_AT_START: 'refuse',
          [`${name.toUpperCase()}_PORT`]: '0',
          [`SUBGRAPH_${name.toUpperCase()}_IDENTITY_KEY`]: identityKey,
          ...(name === 'orders' && { SUBGRAPH_PRODUCTS_IDENTITY_KEY: identityKey }),
          ...(name === 'users' && { ACCESS_TOKEN_PRIVATE_KEYS: signIn }),
        },
        { settings: { server: { drainDelayMs: 0 } } },
      );
      running.push(service);
      return service;
    };
    const listening = async (service: StartedProcess): Promise<string> => {
      const [, url = ''] = await service.waitFor(/"url":"([^"]+)"/);
      return url;
    };
    const rowsOf = async (url: string, query: string): Promise<readonly unknown[]> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query<object>(query)).rows;
      } finally {
        await client.end();
      }
    };

    it('has a role for each service, which refuses to start before migrations are applied', async () => {
      signIn = await runInShell('openssl ecparam -name prime256v1 -genkey -noout');
      await run('roles');
      const service = startService('users');
      expect(await service.exit()).toBe(1);
      expect(service.output()).toMatch(/0001_accounts_and_sessions/);
    }, 180_000);

    it('is migrated by its owner, after which each role can do its own work and nothing else', async () => {
      const output = await run('migrate');
      expect(output).toMatch(/users: would apply 0001_accounts_and_sessions/);
      expect(output).toMatch(/users: applied 0001_accounts_and_sessions/);
      const services = ['users', 'products', 'orders'].map((name) => startService(name));
      const [users = ''] = await Promise.all(services.map(listening));
      expect(await signUp(users)).toMatchObject({ session: { accessToken: expect.any(String) } });
      const granted = await run('first-admin', { role: 'users' });
      expect(granted).toMatch(/Ann <ann@example\.com> is now admin/);
      await expect(rowsOf(urlOf('users'), 'select * from orders.orders')).rejects.toThrow(
        /permission denied for schema orders/,
      );
      await expect(rowsOf(urlOf('users'), 'create table users.more (id int)')).rejects.toThrow(
        /permission denied for schema users/,
      );
      const stopped = await Promise.all(services.map((service) => service.end('SIGTERM')));
      expect(stopped).toEqual([0, 0, 0]);
    }, 180_000);

    it('is dumped by its owner and restored to another database, with its accounts and without their sessions', async () => {
      await run('backup', { cwd: folder });
      await run('restore', { cwd: folder });
      const service = startService('users', 'supergraph_restored');
      await listening(service);
      const count =
        'select count(*)::int as all, count(ended_at)::int as ended from users.sessions';
      expect(await rowsOf(urlOf('users', 'supergraph_restored'), count)).toEqual([
        { all: 1, ended: 1 },
      ]);
      const accounts = 'select email from users.users';
      expect(await rowsOf(urlOf('users', 'supergraph_restored'), accounts)).toEqual([
        { email: 'ann@example.com' },
      ]);
      await expect(
        rowsOf(urlOf('users', 'supergraph_restored'), 'select * from orders.orders'),
      ).rejects.toThrow(/permission denied for schema orders/);
      expect(await service.end('SIGTERM')).toBe(0);
    }, 180_000);
  });
});

async function signUp(url: string): Promise<unknown> {
  const sign = createIdentitySigner('users', identityKey);
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [identityHeader]: sign(anonymous).token },
    body: JSON.stringify({
      query: `mutation { signUp(input: { email: "ann@example.com", password: "long enough", name: "Ann" }) {
        session { accessToken } userErrors { code } } }`,
    }),
    signal: AbortSignal.timeout(patienceMs),
  });
  const { data } = (await response.json()) as { data: { signUp: unknown } };
  return data.signUp;
}
