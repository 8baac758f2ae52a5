import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { everyone } from '../../subgraphs/kit/access.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { defineSubgraph, type SubgraphContext } from '../../subgraphs/kit/define-subgraph.ts';
import type { ListeningServer } from '../../subgraphs/kit/http-server.ts';
import type { SubgraphSettings } from '../../subgraphs/kit/load-settings.ts';
import { startSubgraph } from '../../subgraphs/kit/start-subgraph.ts';
import { openTestHome } from '../support/database.ts';

interface Tables {
  readonly seeds: { name: string };
}

const development: SubgraphSettings = {
  mode: 'development',
  host: '127.0.0.1',
  port: 0,
  identityKeys: ['a key of the garden subgraph, 32 bytes'],
  demonstrationData: true,
  drainDelayMs: 0,
  drainTimeoutMs: 10_000,
  migrationsAtStart: 'run',
  logLevel: 'silent',
};
const production: SubgraphSettings = {
  ...development,
  mode: 'production',
  demonstrationData: false,
};

describe('kit/starting a subgraph', () => {
  let folder: string;
  let home: DatabaseHome;
  const running: ListeningServer[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garden-'));
    await writeFile(join(folder, '0001_seeds.sql'), 'create table seeds (name text);');
    home = await openTestHome();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    await home.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('migrates, writes the demonstration data once, and listens', async () => {
    const { url } = await start(development);
    await start(development);
    expect(await seeds()).toEqual(['bean']);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('writes no demonstration data where none is asked for', async () => {
    await start(production);
    expect(await seeds()).toEqual([]);
  });

  it('does not start in production on a database with demonstration data', async () => {
    await start(development);
    await expect(start(production)).rejects.toMatchObject({
      code: 'SETTING_INVALID',
      message: 'The database has demonstration data of "garden", whose passwords are public.',
      advice: expect.stringContaining('npm run demo:remove'),
    });
  });

  it('writes no demonstration data beside what is there, and starts', async () => {
    await start(production);
    await home.connect<Tables>('garden').insertInto('seeds').values({ name: 'real' }).execute();
    await start(development);
    expect(await seeds()).toEqual(['real']);
    await start(production);
  });

  it('leaves migrations to others where the settings say so, and starts when they are done', async () => {
    const careful: SubgraphSettings = { ...production, migrationsAtStart: 'refuse' };
    await expect(start(careful)).rejects.toMatchObject({
      code: 'MIGRATIONS_PENDING',
      message: 'The database lacks migrations of "garden": 0001_seeds.sql.',
      advice: expect.stringContaining('npm run migrate'),
    });
    await expect(seeds()).rejects.toMatchObject({ code: '42P01' });
    await migrate(home.connect('garden'), 'garden', pathToFileURL(`${folder}/`));
    await start(careful);
    expect(await seeds()).toEqual([]);
  });

  it('names the setting of its port when that is taken', async () => {
    const { url } = await start(development);
    const port = Number(new URL(url).port);
    await expect(start({ ...development, port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${port} on 127.0.0.1 is in use.`,
      advice: expect.stringContaining('GARDEN_PORT='),
    });
  });

  it.each(['8.8.8.8', '192.0.2.1', 'no-such-host.invalid'])(
    'says in one line that it cannot listen on %s',
    async (host) => {
      await expect(start({ ...development, host })).rejects.toMatchObject({
        code: 'SETTING_INVALID',
        message: `HOST: ${host} is not an address of this machine.`,
      });
    },
  );

  it('touches no database when schema and access table do not fit together', async () => {
    const open = { ...garden(), access: { fields: {} } };
    await expect(startSubgraph(open, options(development))).rejects.toMatchObject({
      code: 'SCHEMA_INVALID',
    });
    await expect(seeds()).rejects.toMatchObject({ code: '42P01' });
  });

  async function start(settings: SubgraphSettings): Promise<ListeningServer> {
    const server = await startSubgraph(garden(), options(settings));
    running.push(server);
    return server;
  }

  function options(settings: SubgraphSettings) {
    return { settings, home, environment: {}, dataDir: folder };
  }

  function garden() {
    return defineSubgraph<Tables, object, SubgraphContext>({
      name: 'garden',
      port: 4009,
      schema: parse('type Query { bed: String }'),
      resolvers: {},
      access: { fields: { Query: everyone } },
      migrations: pathToFileURL(`${folder}/`),
      seed: async (transaction) => {
        await transaction.insertInto('seeds').values({ name: 'bean' }).execute();
      },
      unseed: async (transaction) => {
        const { numDeletedRows } = await transaction.deleteFrom('seeds').executeTakeFirstOrThrow();
        return { seeds: Number(numDeletedRows) };
      },
      services: () => ({}),
      context: (request) => request,
    });
  }

  async function seeds(): Promise<readonly string[]> {
    const rows = await home.connect<Tables>('garden').selectFrom('seeds').selectAll().execute();
    return rows.map(({ name }) => name);
  }
});
