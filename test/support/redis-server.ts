import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';
import { halt, resume } from './halt.ts';

/** A Redis of a test's own, which it may stop. */
export interface RedisServer {
  readonly port: number;
  /** The process answers nothing, and its connections stay. */
  hang(): Promise<void>;
  /** It answers again. */
  goOn(): void;
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
}

/** The program of a Redis on this machine, if it has one. */
export const redisProgram = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'redis-server'))
  .find((program) => existsSync(program));

/** Starts a Redis that keeps nothing, on a free port of loopback. */
export async function startRedisServer(program: string): Promise<RedisServer> {
  const port = await freePort();
  let child = await run(program, port);
  return {
    port,
    hang: () => halt(child),
    goOn: () => resume(child),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    restart: async () => {
      child = await run(program, port);
    },
  };
}

async function run(program: string, port: number): Promise<ChildProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly'];
  const child = spawn(program, [...settings, 'no'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes('Ready to accept connections')) break;
  }
  return child;
}
