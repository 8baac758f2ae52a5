import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeFailure } from '../../common/process.ts';
import { startStorefront } from '../../storefront/start-storefront.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { freePorts } from '../support/subgraph-settings.ts';

const program = 'storefront/main.ts';
const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://127.0.0.1:1/x' };
const stack = /\n\s+at /;

describe('npm start', () => {
  let directory: string;
  const environment = (more: Record<string, string> = {}): Record<string, string> => ({
    ...freePorts,
    DATA_DIR: join(directory, 'data'),
    ...more,
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'start-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.each([
    [program, 'npm start'],
    ['storefront/dev.ts', 'npm run dev'],
    ['storefront/gateway.ts', 'node gateway/main.js'],
    ['gateway/main.ts', 'node gateway/main.js'],
    ['events/main.ts', 'node events/main.js'],
    ['subgraphs/users/main.ts', 'node subgraphs/users/main.js'],
  ])('%s takes no argument but --help', async (script, usage) => {
    for (const [argument, code, begin] of [
      ['--help', 0, ''],
      ['--port=5', 2, "Unknown option '--port'"],
      ['4100', 2, "Unexpected argument '4100'"],
    ] as const) {
      const started = startProcess(script, environment(), { args: [argument] });
      expect(await started.exit()).toBe(code);
      expect(started.output()).toMatch(new RegExp(`^${begin}[^]*Usage: ${usage}\\b`));
    }
  });

  it('creates the database, serves, keeps data over a restart, and stops on Ctrl-C with 0', async () => {
    const first = startProcess(program, environment());
    const url = await gatewayOf(first);
    expect(first.output()).toMatch(/Creating the database/);
    expect(first.output()).toMatch(/john@example\.com\s+pass456/);
    expect(await askCopiedCurl(first)).toMatchObject({ product: { name: 'Laptop' } });

    const admin = await login(url, 'admin@example.com', 'pass123');
    const created = await ask(
      url,
      'mutation { createProduct(name: "Lamp", price: 20.5, stock: 3) { id } }',
      admin,
    );
    const { id } = (created as { createProduct: { id: string } }).createProduct;

    const second = startProcess(program, environment());
    expect(await second.exit()).toBe(1);
    expect(second.output()).toMatch(/is in use by process \d+/);
    expect(second.output()).toMatch(/DATA_DIR=/);
    expect(second.output()).not.toMatch(stack);

    expect(await first.end('SIGINT')).toBe(0);

    const again = startProcess(program, environment());
    const nextUrl = await gatewayOf(again);
    expect(again.output()).not.toMatch(/Creating the database/);
    expect(await ask(nextUrl, `{ product(id: "${id}") { name price } }`)).toEqual({
      product: { name: 'Lamp', price: 20.5 },
    });
    expect(await ask(nextUrl, '{ me { name } }', admin)).toEqual({ me: { name: 'Ada Admin' } });
    expect(await again.end('SIGTERM')).toBe(0);
  });

  it('says in one line that a port is taken, and which setting to change', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    const failing = startProcess(program, environment({ GATEWAY_PORT: String(port) }));
    expect(await failing.exit()).toBe(1);
    blocker.close();
    expect(failing.output()).toMatch(new RegExp(`Port ${port} .*in use`));
    expect(failing.output()).toMatch(/GATEWAY_PORT/);
    expect(failing.output()).not.toMatch(stack);
  });

  it('says that the database is damaged, where it is and what to do', async () => {
    const damaged = join(directory, 'damaged');
    await mkdir(join(damaged, 'pglite'), { recursive: true });
    await writeFile(join(damaged, 'pglite', 'PG_VERSION'), '18\n');
    const failing = startProcess(program, environment({ DATA_DIR: damaged }));
    expect(await failing.exit()).toBe(1);
    expect(failing.output()).toMatch(/cannot be opened/);
    expect(failing.output()).toContain(damaged);
    expect(failing.output()).not.toMatch(stack);
    expect(await readdir(damaged)).toEqual(['pglite']);
  });

  it.each([
    [{ GATEWAY_PORT: 'four' }, /GATEWAY_PORT: .*whole number/],
    [production, /SUBGRAPH_USERS_IDENTITY_KEY/],
  ])('refuses %j and names it', async (settings, message) => {
    const failing = startProcess(program, environment(settings));
    expect(await failing.exit()).toBe(1);
    expect(failing.output()).toMatch(message);
    expect(failing.output()).not.toMatch(stack);
  });

  // The process prints what `describeFailure` returns; starting one for each takes long.
  it.each([
    [{ USERS_PORT: '70000' }, /USERS_PORT: .*65535/],
    [{ DEMO_DATA: 'perhaps' }, /DEMO_DATA: .*true or false/],
    [{ DATABASE_URL: 'mysql://127.0.0.1/x' }, /DATABASE_URL: .*postgres/],
    [{ DATABASE_URL: 'postgres://127.0.0.1:1/x' }, /cannot be reached.*ECONNREFUSED/],
    [{ NODE_ENV: 'production' }, /DATABASE_URL is missing/],
    [
      { ...production, DEMO_DATA: 'true', SUBGRAPH_USERS_IDENTITY_KEY: 'x'.repeat(32) },
      /DEMO_DATA asks for demonstration data/,
    ],
  ])('does not start with %j, and says why', async (settings, message) => {
    const failure = await startStorefront(environment(settings)).then(
      () => 'started',
      describeFailure,
    );
    expect(failure).toMatch(message);
    expect(failure).not.toMatch(stack);
  });
});

async function gatewayOf(process: StartedProcess): Promise<string> {
  await process.waitFor(/Ctrl-C stops it/);
  const [, url = ''] = /(http:\/\/127\.0\.0\.1:\d+)\/graphiql/.exec(process.output()) ?? [];
  return url;
}

/** Sends the `curl` request of the banner. */
async function askCopiedCurl(process: StartedProcess): Promise<unknown> {
  const [, url = '', body = ''] =
    /curl -s (\S+) -H 'content-type: application\/json' \\\n\s+-d '(.+)'/.exec(process.output()) ??
    [];
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

async function login(url: string, username: string, password: string): Promise<string> {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}

async function ask(url: string, query: string, token?: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}
