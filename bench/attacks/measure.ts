import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { usageOf } from '../measure/process-usage.ts';
import { main } from '../operations/storefront.ts';
import { launch } from '../peers/launch.ts';
import type { Peer, Surroundings } from '../peers/peer.ts';
import type { Attack } from './attacks.ts';

/** What an attack did to a gateway. */
export interface Outcome {
  readonly attack: Attack;
  readonly peer: Peer;
  /** The HTTP status; or that the process ended, or was silent for the whole deadline. */
  readonly status: number | 'silent' | 'dead';
  /** The longest time in which the process did nothing else. */
  readonly stallMs: number;
  readonly replyBytes: number;
  /** How much more memory the process had at its peak than before. */
  readonly memoryBytes: number;
}

const probe = new URL('./stall-probe.js', import.meta.url);

/** Sends an attack to a process of its own, which is warm, and ends that. */
export async function measureAttack(
  attack: Attack,
  peer: Peer,
  surroundings: Omit<Surroundings, 'port'>,
  deadlineMs: number,
): Promise<Outcome> {
  const stallFile = join(surroundings.folder, `${peer.name}-${attack.title}.stall`);
  const running = await launch(watched(peer, stallFile), surroundings);
  try {
    const url = running.url(main);
    for (let n = 0; n < 20; n += 1) await send(url, '{"query":"{ product(id: 1) { id } }"}', 5_000);
    const before = usageOf(running.pid).residentBytes;
    process.kill(running.pid, 'SIGUSR2');
    await sleep(100);
    const started = performance.now();
    const { status, bytes } = await send(url, attack.body(), deadlineMs);
    const waitedMs = performance.now() - started;
    await sleep(50);
    const isAlive = existsSync(`/proc/${running.pid}`);
    const seen = existsSync(stallFile) ? Number(readFileSync(stallFile, 'utf8')) : 0;
    return {
      attack,
      peer,
      status: isAlive ? status : 'dead',
      // A process that never came back has not written how long it was away.
      stallMs: status === 'silent' ? Math.max(seen, Math.round(waitedMs)) : seen,
      replyBytes: bytes,
      memoryBytes: isAlive ? usageOf(running.pid).peakResidentBytes - before : NaN,
    };
  } finally {
    await running.stop();
  }
}

function watched(peer: Peer, stallFile: string): Peer {
  return {
    ...peer,
    start: (surroundings) => {
      const launched = peer.start(surroundings);
      const env = { ...launched.env, STALL_FILE: stallFile };
      return { ...launched, args: ['--import', probe.href, ...launched.args], env };
    },
  };
}

async function send(
  url: string,
  body: string,
  deadlineMs: number,
): Promise<{ readonly status: number | 'silent'; readonly bytes: number }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(deadlineMs),
    });
    return { status: response.status, bytes: (await response.arrayBuffer()).byteLength };
  } catch {
    return { status: 'silent', bytes: 0 };
  }
}
