import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import { anonymous } from '../../common/viewer.ts';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import { layDatabase } from '../support/database.ts';
import { patienceMs } from '../support/patience.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';

const clients = 16;
const noPort = { USERS_PORT: '0', PRODUCTS_PORT: '0', ORDERS_PORT: '0', GATEWAY_PORT: '0' };

/** How processes stop, from the point of view of clients. */
describe('e2e/stopping', () => {
  let dataDir: string;
  let started: StartedProcess | undefined;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'stopping-'));
    await layDatabase(dataDir);
  });
  afterEach(async () => {
    started?.child.kill('SIGKILL');
    await started?.exit();
    started = undefined;
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = async (script: string, url: RegExp, server: GatewaySettings['server']) => {
    started = startProcess(
      script,
      { DATA_DIR: dataDir, ...noPort },
      { settings: { rateLimits: { enabled: false }, server } },
    );
    const [, base = ''] = await started.waitFor(url);
    return { process: started, base };
  };
  const startStorefront = (server: GatewaySettings['server'] = {}) =>
    start('storefront/main.ts', /gateway\s+(http:\S+)\/graphql/, server);
  const startProducts = (server: GatewaySettings['server']) =>
    start('subgraphs/products/main.ts', /"url":"(http[^"]+)"/, server);

  it('threat 68: the gateway loses no request of clients that follow its readiness', async () => {
    const { process, base } = await startStorefront({ drainDelayMs: 6_000 });
    await losesNothing(process, base, {});
  });

  it('threat 68: nor does a subgraph', async () => {
    const { process, base } = await startProducts({ drainDelayMs: 6_000 });
    const sign = createIdentitySigner('products', developmentIdentityKey('products'));
    await losesNothing(process, base, { [identityHeader]: sign(anonymous).token });
  });

  it('says what a long stop is waiting for, and ends immediately at a second signal', async () => {
    const { process, base } = await startStorefront();
    const { hostname, port } = new URL(base);
    const unfinished = connect(Number(port), hostname);
    unfinished.on('error', () => undefined);
    unfinished.write(
      'POST /graphql?secret=1 HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
    );
    await once(unfinished, 'connect');
    // A later request that is answered shows that the first has arrived.
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    process.child.kill('SIGTERM');
    const [line] = await process.waitFor(/Waiting for .*/);
    expect(line).toMatch(/^Waiting for POST \/graphql for \d+\.\d s/);
    expect(await process.end('SIGTERM')).toBe(130);
    unfinished.destroy();
  });

  /**
   * Many clients with keep-alive connections, one request after another, until `/readyz` says that the process is
   * stopping: that is how a load balancer behaves.
   */
  async function losesNothing(
    process: StartedProcess,
    base: string,
    headers: Record<string, string>,
  ): Promise<void> {
    const failures: string[] = [];
    let answered = 0;
    let closing = 0;
    let isLeaving = false;
    const client = async (): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (!isLeaving) {
        try {
          const response = await post(`${base}/graphql`, agent, headers);
          if (response.statusCode === 200) answered += 1;
          else failures.push(`status ${String(response.statusCode)}`);
          if (response.headers.connection === 'close') closing += 1;
        } catch (error) {
          failures.push(String(error));
        }
      }
      agent.destroy();
    };
    const all = Promise.all(Array.from({ length: clients }, client));
    while (answered < 200) await pause(20);
    process.child.kill('SIGTERM');
    for (;;) {
      const ready = await fetch(`${base}/readyz`);
      const { status } = (await ready.json()) as { status: string };
      if (status === 'draining') break;
      await pause(20);
    }
    // The time that a load balancer takes to notice, and to tell its workers.
    await pause(200);
    isLeaving = true;
    await all;
    expect(failures).toEqual([]);
    expect(closing).toBeGreaterThan(0);
    expect(await process.exit()).toBe(0);
  }
});

/** Sends an operation, and reads the whole response. */
function post(
  url: string,
  agent: Agent,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.timeout(patienceMs),
    };
    const sent = request(url, options, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response);
      });
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end('{"query":"{ __typename }"}');
  });
}
