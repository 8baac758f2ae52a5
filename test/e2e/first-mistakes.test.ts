import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeFailure } from '../../common/process.ts';
import { startStorefront } from '../../storefront/start-storefront.ts';
import { takeDataDirectory } from '../../subgraphs/kit/database/data-directory.ts';
import { freePort } from '../support/free-port.ts';
import { postgresUrl } from '../support/postgres.ts';
import { identityKeys } from '../support/subgraph-settings.ts';

const freePorts = { GATEWAY_PORT: '0', USERS_PORT: '0', PRODUCTS_PORT: '0', ORDERS_PORT: '0' };
const missing = 'no_such_database_is_here';

/** What is printed for a first start with one mistake: `start.test.ts` runs processes. */
describe('a start with one mistake', () => {
  let directory: string;
  const dataDir = (): string => join(directory, 'data');

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mistakes-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function linesOf(
    settings: Readonly<Record<string, string>>,
    options?: Parameters<typeof startStorefront>[1],
  ): Promise<readonly string[]> {
    const environment = { ...freePorts, DATA_DIR: dataDir(), LOG_LEVEL: 'silent', ...settings };
    const failure = await startStorefront(environment, options).then(
      () => 'started',
      describeFailure,
    );
    return failure.replaceAll(/\u001B\[\d+m/g, '').split('\n');
  }

  it.each(['GATEWAY_PORT', 'USERS_PORT', 'ORDERS_PORT'])(
    'a taken port (%s): which, and the setting for another, before a database is created',
    async (setting) => {
      const blocker = createServer();
      await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
      const { port } = blocker.address() as AddressInfo;
      let isMade = false;
      const onInitialise = (): void => void (isMade = true);
      try {
        expect(await linesOf({ [setting]: String(port) }, { onInitialise })).toEqual([
          `error Port ${port} on 127.0.0.1 is in use.`,
          expect.stringMatching(`^ {6}Stop the process .*: ${setting}=\\d+$`),
        ]);
        expect([isMade, await readdir(dataDir())]).toEqual([false, []]);
      } finally {
        blocker.close();
      }
    },
  );

  it('one port used twice: which, and the setting for another, before a database is created', async () => {
    const ports = { GATEWAY_PORT: String(await freePort()), ORDERS_PORT: '0' };
    expect(await linesOf({ ...ports, USERS_PORT: ports.GATEWAY_PORT })).toEqual([
      `error Port ${ports.GATEWAY_PORT} on 127.0.0.1 is in use.`,
      expect.stringMatching(/^ {6}Stop the process .*: USERS_PORT=\d+$/),
    ]);
    expect(await readdir(dataDir())).toEqual([]);
  });

  it('a second start: which process has the data, and the setting for other data', async () => {
    const taken = await takeDataDirectory(dataDir());
    expect(await linesOf({})).toEqual([
      expect.stringMatching(/^error The data directory .* is in use by process \d+ on \S+\.$/),
      expect.stringMatching(/^ {6}Stop that process, or .*DATA_DIR=/),
    ]);
    await taken.release();
  });

  it('an unwritable directory: which, why, and the setting for another', async () => {
    await writeFile(dataDir(), 'a file where the directory is to be');
    expect(await linesOf({})).toEqual([
      expect.stringMatching(/^error The data directory .*data cannot be used: .*EEXIST.*\.$/),
      expect.stringMatching(/^ {6}Set DATA_DIR to a directory that this user can write to\.$/),
    ]);
    await rm(dataDir());
    await mkdir(dataDir());
    await writeFile(join(dataDir(), 'pglite'), 'a file where the database is to be');
    expect(await linesOf({})).toEqual([
      expect.stringMatching(/^error The database in .*pglite cannot be opened: .*EEXIST.*\.$/),
      expect.stringMatching(/^ {6}Restore a backup, or start with an empty database: /),
    ]);
  });

  it('damaged data: where, and what to do', async () => {
    await mkdir(join(dataDir(), 'pglite'), { recursive: true });
    await writeFile(join(dataDir(), 'pglite', 'PG_VERSION'), '18\n');
    expect(await linesOf({})).toEqual([
      expect.stringMatching(/^error The database in .*pglite cannot be opened: [^.]+\.$/),
      expect.stringMatching(/^ {6}Restore a backup, or start with an empty database: move .* away/),
    ]);
  });

  const production = {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop',
    ACCESS_TOKEN_PRIVATE_KEYS_FILE: '/nowhere/key.pem',
    ...identityKeys,
    SUBGRAPH_PRODUCTS_IDENTITY_KEY: '',
    SUBGRAPH_ORDERS_IDENTITY_KEY: '',
  };

  it.each<[string, Readonly<Record<string, string>>, readonly RegExp[]]>([
    [
      'a wrong mode',
      { NODE_ENV: 'staging' },
      [/^error NODE_ENV: takes development, test or production, not "staging"\.$/],
    ],
    [
      'development reachable from other machines',
      { HOST: '0.0.0.0' },
      [
        /^error HOST: other machines can reach 0\.0\.0\.0.* set NODE_ENV=production, or .*127\.0\.0\.1\.$/,
      ],
    ],
    [
      'a mistyped setting',
      { OPERATION_MAX_DEPHT: '5' },
      [
        /^error OPERATION_MAX_DEPHT: .* the nearest is limits\.maxDepth in the settings file that GATEWAY_CONFIG names\.$/,
      ],
    ],
    [
      'missing keys, a missing file and a mistyped port at once',
      { ...production, USERS_PROT: '4001' },
      [
        /^error 4 settings are wrong:$/,
        /^ {6}SUBGRAPH_ORDERS_IDENTITY_KEY is missing; .*openssl rand -hex 32/,
        /^ {6}USERS_PROT: .* the nearest is USERS_PORT$/,
        /^ {6}ACCESS_TOKEN_PRIVATE_KEYS_FILE names a file that cannot be read: .*ENOENT/,
        /^ {6}SUBGRAPH_PRODUCTS_IDENTITY_KEY is missing; /,
      ],
    ],
  ])(
    '%s: its name, what is expected, and that nothing was started',
    async (_what, settings, lines) => {
      expect(await linesOf(settings)).toEqual(
        [...lines, /^ {6}Nothing was started\. docs\/settings\.md/].map(expect.stringMatching),
      );
    },
  );

  it('a missing database: its address', async () => {
    expect(await linesOf({ DATABASE_URL: 'postgres://shop:secret@localhost:1/shop' })).toEqual([
      expect.stringMatching(
        /^error The database at localhost:1\/shop cannot be reached: .*ECONNREFUSED.*\.$/,
      ),
      '      Check DATABASE_URL and that the server is up.',
    ]);
  });

  const onPostgres = postgresUrl === undefined ? it.skip : it;
  const skipped = postgresUrl === undefined ? ': skipped, TEST_DATABASE_URL is not set' : '';

  onPostgres(`a wrong database: its name, and how to create it${skipped}`, async () => {
    const url = new URL(postgresUrl ?? '');
    url.pathname = `/${missing}`;
    expect(await linesOf({ DATABASE_URL: url.toString() })).toEqual([
      `error There is no database "${missing}" at ${url.host}.`,
      `      Create it (createdb ${missing}), or correct its name in DATABASE_URL.`,
    ]);
  });
});
