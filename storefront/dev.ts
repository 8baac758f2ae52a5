import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import pc from 'picocolors';
import { runProgram } from '../common/run-program.ts';
import { watchFiles } from '../common/watch-files.ts';
import { loadGatewayConfig } from '../gateway/config/load.ts';
import { processEnvironment } from '../subgraphs/kit/load-settings.ts';
import { banner } from './banner.ts';
import { end, hasEnded, runScript, startServices } from './dev/child-process.ts';
import { type Front, openFront } from './dev/front.ts';
import { listSources, sourcePlaces } from './dev/sources.ts';
import type { Ready } from './ready.ts';

/**
 * Development: the services run in a child process, which is restarted when one of their files changes. A change is
 * checked first: if it does not compose or load, the error is reported and the last working version keeps serving. The
 * port of the gateway belongs to this process: requests wait while the services restart.
 */

/** Services that are not up by then have failed; requests wait for them no longer than this. */
const startMaxMs = 60_000;

const usage = `Starts all that \`npm start\` starts, and starts it again when a file changes, until Ctrl-C.

Usage: npm run dev

A change that does not compose or load is reported, and the last working version keeps serving.`;

await runProgram(usage, async () => {
  const { host, port } = loadGatewayConfig(processEnvironment).server;
  const front = await openFront({ host, port, waitMaxMs: startMaxMs });
  const supervisor = createSupervisor(front);
  // The watcher's first call is the start.
  const watcher = watchFiles({
    list: listSources,
    onChange: (files) => void supervisor.reload(files),
    log: {
      warn: ({ reason }, message) => {
        say(`${message}: ${reason}`);
      },
    },
  });
  return {
    async stop() {
      watcher.close();
      front.stop();
      await supervisor.stop();
    },
  };
});

interface Supervisor {
  /** Checks the sources and runs them; one reload at a time, and another one if files changed meanwhile. */
  reload(files: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

function createSupervisor(front: Front): Supervisor {
  let services: ChildProcess | undefined;
  let running: Promise<void> | undefined;
  let next: Set<string> | undefined;
  let hasServed = false;
  let stopping = false;
  const isStopping = (): boolean => stopping;

  const replace = async (files: readonly string[]): Promise<void> => {
    const begin = performance.now();
    const cause = files.length === 0 ? 'start' : titleOf(files);
    if (!hasServed) say('composing, and starting users, products, orders and the gateway …');
    const problem = await problemOfSources();
    if (isStopping()) return;
    if (problem !== undefined) {
      process.stderr.write(problem);
      const isServing = services && !hasEnded(services);
      if (!isServing) front.refuse('the sources have an error');
      say(
        pc.red(
          `${cause}: ${isServing ? 'not applied; the last working version keeps serving' : 'correct it, and the services start by themselves'}`,
        ),
      );
      return;
    }
    const types = generateTypes();
    front.hold();
    await end(services);
    const child = startServices('storefront/main.ts', {
      ...processEnvironment,
      GATEWAY_PORT: '0',
    });
    services = child;
    const ready = await readyOf(child);
    const typesProblem = await types;
    if (isStopping()) return;
    if (typesProblem !== undefined) process.stderr.write(typesProblem);
    if (!ready) {
      front.refuse('the services do not start');
      say(
        pc.red(
          `${cause}: the services do not start; correct it, and the services start by themselves`,
        ),
      );
      return;
    }
    const seconds = (performance.now() - begin) / 1000;
    if (!hasServed) {
      const { hasDemonstrationData, grpcAddress, chatAddress, subgraphUrls } = ready;
      process.stdout.write(
        banner(
          {
            gatewayUrl: front.url,
            subgraphUrls: new Map(subgraphUrls),
            grpcAddress,
            chatAddress,
            hasDemonstrationData,
          },
          { seconds },
        ),
      );
      say(`watching ${sourcePlaces.join(', ')}`);
    } else {
      const generated = typesProblem === undefined ? 'composed, types generated' : 'composed';
      say(`${cause}: ${generated}, serving again after ${seconds.toFixed(1)} s`);
    }
    hasServed = true;
    front.serve(ready.gatewayUrl);
    child.once('exit', (code) => {
      if (isStopping() || running) return;
      front.refuse('they have exited');
      say(pc.red(`the services exited with ${String(code)}; a change restarts them`));
    });
  };

  const reload = async (files: readonly string[]): Promise<void> => {
    if (stopping) return;
    if (running) {
      next ??= new Set();
      for (const file of files) next.add(file);
      return running;
    }
    running = replace(files).finally(() => {
      running = undefined;
    });
    await running;
    const following = next;
    next = undefined;
    if (following) await reload([...following]);
  };

  return {
    reload,
    async stop() {
      stopping = true;
      await end(services);
      await running;
      await end(services);
    },
  };
}

/** The error in the sources, as the tools print it; without an error, the tools write the supergraph. */
async function problemOfSources(): Promise<string | undefined> {
  const steps = [
    () => runScript('composition/cli.ts', 'compose'),
    () => runScript('storefront/verify.ts'),
  ];
  for (const step of steps) {
    const { succeeds, output } = await step();
    if (!succeeds) return output;
  }
  return undefined;
}

/** Updates the resolvers' types; returns the generator's output when it fails. */
async function generateTypes(): Promise<string | undefined> {
  const isUpToDate = await runScript('tools/codegen.ts', '--check');
  if (isUpToDate.succeeds) return undefined;
  const { succeeds, output } = await runScript('tools/codegen.ts');
  return succeeds ? undefined : `Generating the types failed: npm run codegen\n${output}`;
}

/** The message of the services when they listen; `undefined` when they exit before that, or take too long. */
async function readyOf(child: ChildProcess): Promise<Ready | undefined> {
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort();
  }, startMaxMs);
  try {
    const exit = once(child, 'exit', { signal: abort.signal }).then(() => undefined);
    const message = once(child, 'message', { signal: abort.signal });
    return (await Promise.race([message, exit]))?.[0] as Ready | undefined;
  } catch {
    await end(child);
    return undefined;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

function titleOf([first = '', ...others]: readonly string[]): string {
  return others.length > 0 ? `${first} and ${others.length} more` : first;
}

function say(text: string): void {
  process.stdout.write(`${pc.dim('dev')} ${text}\n`);
}
