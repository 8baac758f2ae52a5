import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { type Connection, open } from './edge-sockets.ts';

const chunked =
  'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';

/** What bodies cost a process whose memory is small, while they are received. */
describe('gateway: bodies that never end', () => {
  const heapMegabytes = 160;
  let gateway: StartedProcess;
  let url: string;

  beforeAll(async () => {
    gateway = startProcess('storefront/gateway.ts', {
      NODE_OPTIONS: `--max-old-space-size=${heapMegabytes}`,
      GATEWAY_PORT: '0',
      LOG_LEVEL: 'info',
    });
    [, url = ''] = await gateway.waitFor(/"url":"(http:[^"]+)".*"msg":"listening"/);
  });
  afterAll(async () => {
    expect(await gateway.end('SIGTERM')).toBe(0);
  });

  const isAlive = async (): Promise<void> => {
    const { status } = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(patienceMs) });
    expect([status, gateway.child.exitCode]).toEqual([200, null]);
  };
  const residentMegabytes = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8'))?.[1]) /
    1_024;

  it.each([
    ['60 of 250,000 pieces of a byte', 60, 250_000],
    ['300 of as many pieces as a body may have', 300, 4_000],
  ])(
    'threat 17: cost a process no more memory than their bytes: %s',
    async (_case, connections, pieces) => {
      await isAlive();
      const before = residentMegabytes();
      const bytes = chunked + '1\r\n{\r\n'.repeat(pieces);
      const opened = await Promise.all(Array.from({ length: connections }, () => open(url, bytes)));
      for (const { socket } of opened) socket.on('error', () => undefined);
      await isAlive();
      await Promise.all(opened.map(drained));
      await isAlive();
      expect(residentMegabytes() - before).toBeLessThan(120);
      for (const { socket } of opened) socket.destroy();
    },
  );
});

/** Resolves when all bytes are written, or the server has stopped reading. */
async function drained({ socket, ended }: Connection): Promise<void> {
  const state = { isOver: false };
  void ended.then(
    () => (state.isOver = true),
    () => (state.isOver = true),
  );
  while (!state.isOver && socket.writableLength > 0) await sleep(20);
}
