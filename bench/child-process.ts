import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of the benchmark's own, which answers messages. */
export interface Worker<TRequest, TReply> {
  /** Sends a message, unless it is `undefined`, and awaits the next one. Throws when the process ends or is silent. */
  ask(request: TRequest, deadlineMs: number): Promise<TReply>;
  stop(): Promise<void>;
}

/** Starts a TypeScript file as a process with a channel to this one; it ends with this one. */
export function startWorker<TRequest, TReply>(file: URL): Worker<TRequest, TReply> {
  const child = fork(file, {
    execArgv: ['--import', import.meta.resolve('tsx')],
    // Standard output is for the result alone.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  return {
    async ask(request, deadlineMs) {
      const reply = nextMessage<TReply>(child, `${file.pathname} did not answer`, deadlineMs);
      if (request !== undefined) child.send(request as object);
      return reply;
    },
    stop: () => stopProcess(child),
  };
}

/** Ends a process: politely, and after two seconds by force. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  const force = setTimeout(() => child.kill('SIGKILL'), 2_000);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(force);
}

function nextMessage<T>(child: ChildProcess, complaint: string, deadlineMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (message: unknown): void => {
      settle();
      resolve(message as T);
    };
    const onExit = (code: number | null): void => {
      settle();
      reject(new Error(`${complaint}: it ended with ${code ?? 'a signal'}.`));
    };
    const timer = setTimeout(() => {
      settle();
      reject(new Error(`${complaint} within ${deadlineMs} ms.`));
    }, deadlineMs);
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
