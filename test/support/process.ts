import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import { patienceMs } from './patience.ts';

/** A program of this project, as a person starts it. */
export interface StartedProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has printed so far, both streams; of very much the end. */
  output(): string;
  /** Resolves with what matched, once the output has it; rejects when the process ends first or takes too long. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Sends a signal and resolves with the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the exit code of a process that ends by itself. */
  exit(): Promise<number | null>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a test wants otherwise of a program. */
export interface StartProcessOptions {
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** What its settings file has, which is there until it ends. */
  readonly settings?: GatewaySettings;
  /** The folder with the programs as JavaScript, if not that of the tests. */
  readonly programs?: string;
  /** Arguments of Node.js itself. */
  readonly flags?: readonly string[];
}

/** Of more than twice so many characters that a program has printed, only these last ones are kept. */
const outputMaxLength = 4_000_000;

/** Starts a TypeScript program of this project in its own process; only the given variables are set. */
export function startProcess(
  script: string,
  environment: Readonly<Record<string, string>>,
  {
    args = [],
    cwd = root,
    settings,
    programs = process.env.BUILT_PROGRAMS ?? '',
    flags = [],
  }: StartProcessOptions = {},
): StartedProcess {
  const program = cwd === root ? builtProgram(script, programs) : ['--import', 'tsx', script];
  const all = [...flags, ...program, ...args];
  if (!settings) return watch(script, process.execPath, all, cwd, environment);
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  const path = join(folder, 'settings.yaml');
  writeFileSync(path, stringify(settings));
  const variables = { ...environment, GATEWAY_CONFIG: path };
  const started = watch(script, process.execPath, all, cwd, variables);
  started.child.once('exit', () => {
    rmSync(folder, { recursive: true });
  });
  return started;
}

/** The program as it was built before (build-programs.js). */
function builtProgram(script: string, programs: string): readonly string[] {
  const built = join(programs, script.replace(/[.]ts$/, '.js'));
  if (!existsSync(built)) throw new Error(`${script} was not built before the tests.`);
  return [built];
}

/** Runs a script of package.json as a person does, by npm; only the given variables are set. */
export function startNpm(
  script: string,
  environment: Readonly<Record<string, string>>,
): StartedProcess {
  return watch(`npm run ${script}`, 'npm', ['run', script], root, environment);
}

function watch(
  script: string,
  program: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): StartedProcess {
  const child = spawn(program, [...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  });
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.length > 2 * outputMaxLength) text = text.slice(-outputMaxLength);
      for (const listener of listeners) listener();
    });
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const waitFor = (pattern: RegExp, timeoutMs = patienceMs): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const match = text.match(pattern);
        if (match)
          finish(() => {
            resolve(match);
          });
      };
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        listeners.delete(check);
        settle();
      };
      const fail = (why: string): void => {
        finish(() => {
          reject(new Error(`${script} ${why} before it printed ${String(pattern)}:\n${text}`));
        });
      };
      const timer = setTimeout(fail, timeoutMs, `took over ${timeoutMs} ms`);
      listeners.add(check);
      void exited.then((code) => {
        fail(`ended with ${String(code)}`);
      });
      check();
    });
  return {
    child,
    output: () => text,
    waitFor,
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
    exit: () => exited,
  };
}
