import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { layDatabase } from '../support/database.ts';
import { startNpm } from '../support/process.ts';

const patienceMs = 120_000;

/** When a service was started with npm, the process to stop is npm's. */
describe('npm scripts that serve', () => {
  let directory: string;
  const environment = (name: string): Record<string, string> => ({
    GATEWAY_PORT: '0',
    USERS_PORT: '0',
    PRODUCTS_PORT: '0',
    ORDERS_PORT: '0',
    DATA_DIR: join(directory, name),
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'npm-'));
    await layDatabase(join(directory, 'shop'));
    await layDatabase(join(directory, 'dev'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'npm start ends with its ports and its lock on %s',
    async (signal) => {
      const shop = startNpm('start', environment('shop'));
      await shop.waitFor(/Ctrl-C stops it/, patienceMs);
      const [, url = ''] = /(http:\S+)\/graphiql/.exec(shop.output()) ?? [];
      const lock = join(directory, 'shop', 'lock');
      const { pid } = JSON.parse(await readFile(lock, 'utf8')) as { pid: number };
      expect((await fetch(`${url}/healthz`)).status).toBe(200);

      // npm forwards the signal and waits: when it has ended, so has the service.
      expect(await shop.end(signal)).toBe(0);
      expect(existsSync(lock)).toBe(false);
      expect(() => process.kill(pid, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }));
      await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    },
    patienceMs,
  );

  it('npm run dev stops the services that it runs', async () => {
    const dev = startNpm('dev', environment('dev'));
    await dev.waitFor(/Ctrl-C stops it/, patienceMs);
    const { pid } = JSON.parse(await readFile(join(directory, 'dev', 'lock'), 'utf8')) as {
      pid: number;
    };
    expect(await dev.end('SIGTERM')).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }));
  }, 150_000);

  it('every script that serves is replaced by node, which then receives the signal', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    const serving = Object.entries(scripts).filter(([name]) => /^(start(:|$)|dev$)/.test(name));
    expect(serving.length).toBeGreaterThan(5);
    for (const [name, command] of serving)
      expect([name, command]).toEqual([name, expect.stringMatching(/^exec node /)]);
  });
});
