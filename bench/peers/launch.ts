import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopProcess } from '../child-process.ts';
import type { Operation } from '../operations/operation.ts';
import { type Peer, PeerNotStarted, type Surroundings } from './peer.ts';

const startDeadlineMs = 30_000;
const outputMaxChars = 4_000;

/** A gateway whose process answers HTTP. */
export interface RunningPeer {
  readonly peer: Peer;
  readonly pid: number;
  url(operation: Operation): string;
  stop(): Promise<void>;
}

/** Starts a gateway and waits until it answers HTTP, whatever it answers. Throws PeerNotStarted. */
export async function launch(
  peer: Peer,
  surroundings: Omit<Surroundings, 'port'>,
): Promise<RunningPeer> {
  const port = await freePort();
  const { args, env, cwd } = peer.start({ ...surroundings, port });
  const child = spawn(process.execPath, args, {
    cwd: cwd ?? surroundings.folder,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = lastOutputOf(child);
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilItAnswers(child, origin);
  } catch (error) {
    await stopProcess(child);
    const said = output().replaceAll(/\s+/g, ' ').trim();
    throw new PeerNotStarted(`${(error as Error).message}; it printed: ${said || 'nothing'}`);
  }
  return {
    peer,
    pid: child.pid ?? 0,
    url: (operation) => `${origin}${peer.path(operation)}`,
    stop: () => stopProcess(child),
  };
}

async function untilItAnswers(child: ChildProcess, origin: string): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}`);
    if (child.signalCode !== null) throw new Error(`the process ended by ${child.signalCode}`);
    if (await answers(origin)) return;
    await sleep(100);
  }
  throw new Error(`it did not answer within ${startDeadlineMs} ms`);
}

async function answers(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/readiness`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** Reads all that a process prints, so that it never waits for a reader, and keeps the end of it. */
function lastOutputOf(child: ChildProcess): () => string {
  let last = '';
  const keep = (chunk: Buffer): void => {
    last = `${last}${chunk.toString('utf8')}`.slice(-outputMaxChars);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => last;
}

/** A port that was free a moment ago: most gateways cannot say which one they took. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
