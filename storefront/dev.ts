import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FSWatcher, watch } from 'node:fs';
import pc from 'picocolors';
import { runProcess } from '../common/process.ts';

/**
 * Development: the services run in a child process, and start again when a file they are made of has changed. A
 * change is tried out first: one that does not compose or does not load is reported, and the last good one serves on.
 */

const watched = ['subgraphs', 'gateway', 'common', 'storefront', 'composition', 'supergraph.yaml'];
const quietMs = 150;
const stopDeadlineMs = 15_000;

await runProcess(async () => {
  const supervisor = createSupervisor();
  await supervisor.reload('start');
  const stopWatching = watchSources((file) => void supervisor.reload(file));
  say(`watching ${watched.join(', ')}`);
  return {
    async stop() {
      stopWatching();
      await supervisor.stop();
    },
  };
});

interface Supervisor {
  /** Tries the sources out and runs them; one reload at a time, and one more when changes came meanwhile. */
  reload(cause: string): Promise<void>;
  stop(): Promise<void>;
}

function createSupervisor(): Supervisor {
  let services: ChildProcess | undefined;
  let running: Promise<void> | undefined;
  let next: string | undefined;
  let stopping = false;

  const replace = async (cause: string): Promise<void> => {
    say(cause === 'start' ? 'composing …' : `${cause} changed, composing …`);
    const good = (await succeeds('composition/cli.ts')) && (await succeeds('storefront/verify.ts'));
    if (stopping) return;
    if (!good) {
      say(
        pc.red(
          services
            ? 'not taken up: the last good one serves on'
            : 'mend it: this starts by itself then',
        ),
      );
      return;
    }
    await end(services);
    services = run('storefront/main.ts');
  };

  const reload = async (cause: string): Promise<void> => {
    if (stopping) return;
    if (running) {
      next = cause;
      return running;
    }
    running = replace(cause).finally(() => {
      running = undefined;
    });
    await running;
    const following = next;
    next = undefined;
    if (following !== undefined) await reload(following);
  };

  return {
    reload,
    async stop() {
      stopping = true;
      await running;
      await end(services);
    },
  };
}

/** Calls back once for a burst of changes to sources, with the name of the last one. */
function watchSources(onChange: (file: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = watched.map((path): FSWatcher => {
    const recursive = !path.includes('.');
    return watch(path, { recursive }, (_event, name) => {
      const file = recursive ? `${path}/${String(name)}` : path;
      if (!/\.(ts|graphql|sql|yaml)$/.test(file) || file.endsWith('.test.ts')) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, quietMs, file);
    });
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

async function succeeds(script: string): Promise<boolean> {
  const child = run(script);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

/** In a process group of its own: Ctrl-C reaches this process alone, which then stops the child once. */
function run(script: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    stdio: 'inherit',
    detached: true,
  });
  const killChild = (): void => void child.kill('SIGKILL');
  process.once('exit', killChild);
  child.once('exit', () => process.off('exit', killChild));
  return child;
}

async function end(child: ChildProcess | undefined): Promise<void> {
  const hasEnded = child?.exitCode !== null || child.signalCode !== null;
  if (!child || hasEnded) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
  await exit;
  clearTimeout(timer);
}

function say(text: string): void {
  process.stdout.write(`${pc.dim('dev')} ${text}\n`);
}
