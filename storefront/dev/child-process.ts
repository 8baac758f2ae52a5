import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Environment } from '../../common/settings.ts';

const stopDeadlineMs = 15_000;

/** The maximum of a script's output that is kept. */
const outputMaxBytes = 1024 * 1024;

/** Runs a script to its end; returns whether it succeeded, and its output. */
export async function runScript(
  script: string,
  ...args: readonly string[]
): Promise<{ readonly succeeds: boolean; readonly output: string }> {
  const child = start(script, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  let bytes = 0;
  const keep = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= outputMaxBytes) chunks.push(chunk);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  return { succeeds: code === 0, output: Buffer.concat(chunks).toString() };
}

/** Starts a script that prints to this terminal and may send messages. */
export function startServices(script: string, env: Environment): ChildProcess {
  return start(script, [], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env });
}

/** Stops a process with a signal, and kills it when that takes too long. */
export async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || hasEnded(child)) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
  await exit;
  clearTimeout(timer);
}

/** True for a process that has exited, for whatever reason. */
export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** In its own process group: Ctrl-C only reaches this process, which then stops the child once. */
function start(
  script: string,
  args: readonly string[],
  options: Parameters<typeof spawn>[2],
): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    ...options,
    detached: true,
  });
  const killChild = (): void => void child.kill('SIGKILL');
  process.once('exit', killChild);
  child.once('exit', () => process.off('exit', killChild));
  return child;
}
