import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopProcess } from '../child-process.ts';
import { root } from '../peers/build.ts';
import { serverFile } from '../peers/peer.ts';
import type { Transport } from './open-stream.ts';

/** A gateway whose streams are measured. */
export interface StreamingPeer {
  readonly name: string;
  readonly title: string;
  readonly transports: readonly Transport[];
  readonly start: (surroundings: StreamSurroundings) => {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
}

interface StreamSurroundings {
  readonly port: number;
  readonly supergraphPath: string;
  readonly folder: string;
  /** Whether readers that stop are kept for as long as is measured. */
  readonly keepsStopped: boolean;
}

/** The gateways, in the order of the table. */
export const streamingPeers: readonly StreamingPeer[] = [
  {
    name: 'ours',
    title: 'this gateway',
    transports: ['multipart', 'SSE', 'WebSocket'],
    start: ({ port, supergraphPath, folder, keepsStopped }) => {
      const many = 1_000_000;
      const longest = 600_000;
      const settings = {
        server: { maxConnections: 100_000, ...(keepsStopped && { sendTimeoutMs: longest }) },
        rateLimits: { anonymousPerMinute: many },
        subscriptions: {
          ...{ maxOpen: many, maxPerViewer: many, newestOnly: ['ticked'] },
          // A WebSocket that does not answer pings is cut off.
          ...(keepsStopped && { heartbeatMs: longest }),
        },
      };
      // JSON is YAML.
      writeFileSync(join(folder, 'settings.yaml'), JSON.stringify(settings));
      return {
        args: ['--max-semi-space-size=64', '--min-semi-space-size=64', 'dist/gateway/main.js'],
        env: {
          GATEWAY_PORT: String(port),
          GATEWAY_CONFIG: join(folder, 'settings.yaml'),
          SUPERGRAPH_PATH: supergraphPath,
          JWKS_URL: 'http://127.0.0.1:9/',
          SUBGRAPH_TICKS_IDENTITY_KEY: randomBytes(32).toString('base64'),
        },
      };
    },
  },
  {
    name: 'hive',
    title: 'Hive Gateway',
    transports: ['SSE'],
    start: ({ port, supergraphPath }) => ({
      args: [serverFile('hive.server.js')],
      env: { PORT: String(port), SUPERGRAPH: supergraphPath, VARIANT: 'hive' },
    }),
  },
];

/** A running gateway, with the probe in its process. */
export interface StreamingGateway {
  readonly port: number;
  /** Its resident memory in bytes, after a full collection. */
  residentBytes(): Promise<number>;
  /** What of it is in use after a full collection, on the heap of JavaScript and in buffers. */
  bytesInUse(): Promise<number>;
  /** The longest time that its event loop was blocked since the last call, in milliseconds. */
  longestBlockMs(): Promise<number>;
  stop(): Promise<void>;
}

const startDeadlineMs = 30_000;
const answerDeadlineMs = 20_000;

/** Starts a gateway for a supergraph, and waits until it answers HTTP. */
export async function startStreamingGateway(
  peer: StreamingPeer,
  supergraph: string,
  { keepsStopped = false } = {},
): Promise<StreamingGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'supergraph-bench-'));
  const supergraphPath = join(folder, 'supergraph.graphql');
  writeFileSync(supergraphPath, supergraph);
  const port = await freePort();
  const { args, env } = peer.start({ port, supergraphPath, folder, keepsStopped });
  const probe = new URL('./probe.js', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--expose-gc', '--import', probe, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 2, 'ipc'],
  });
  const stop = async (): Promise<void> => {
    await stopProcess(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(child, port);
  } catch (error) {
    await stop();
    throw error;
  }
  const ask = async (question: string): Promise<number> => {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(answerDeadlineMs) });
    child.send(question);
    const [value] = (await answer) as [number];
    return value;
  };
  return {
    port,
    residentBytes: () => ask('memory'),
    bytesInUse: () => ask('in use'),
    longestBlockMs: () => ask('blocked'),
    stop,
  };
}

async function untilItAnswers(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  while (Date.now() < deadline && child.exitCode === null) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/healthz`)).text();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`A gateway did not answer within ${startDeadlineMs} ms.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
