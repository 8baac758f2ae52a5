import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LoadFigures, LoadInput } from './load-in-a-process.ts';
import type { MeasureInput, MeasureOutput, PlanningFigures } from './measure-in-a-process.ts';

/** All that is measured of one planner with one workload. */
export type PlannerFigures = PlanningFigures & LoadFigures;

/** How long an operation may take, and loading a supergraph. */
const silenceMsMax = 180_000;
/** How often a process may end, each time with another operation. */
const endingsMax = 200;

/**
 * Measures a planner in processes of its own. An operation that ends one is counted, and the next process leaves it out;
 * a text where the planner cannot load the supergraph. Throws
 * when the signal is aborted.
 */
export async function measured(
  given: Omit<MeasureInput, 'endings'>,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<PlannerFigures | string> {
  const endings: Record<number, string> = {};
  for (let count = 0; count < endingsMax; count += 1) {
    let last: number | undefined;
    let figures: PlanningFigures | undefined;
    const ending = await run(
      './measure-in-a-process.ts',
      [JSON.stringify({ ...given, endings } satisfies MeasureInput)],
      '',
      (line) => {
        const output = JSON.parse(line) as MeasureOutput;
        if ('begin' in output) last = output.begin;
        else figures = output.figures;
      },
    );
    signal.throwIfAborted();
    if (figures) {
      const whole = await withLoad(given, figures);
      signal.throwIfAborted();
      return whole;
    }
    if (last === undefined) return `cannot plan on it: ${ending}`;
    say(`  operation ${last}: ${ending}`);
    endings[last] = ending;
  }
  return `more than ${endingsMax} operations ended its process`;
}

async function withLoad(
  { planner, supergraphPath }: Omit<MeasureInput, 'endings'>,
  figures: PlanningFigures,
): Promise<PlannerFigures | string> {
  const requests = figures.operations.filter(({ ending }) => ending === undefined);
  const input: LoadInput = { planner, supergraphPath, requests };
  let load: LoadFigures | undefined;
  const ending = await run('./load-in-a-process.ts', [], JSON.stringify(input), (line) => {
    load = JSON.parse(line) as LoadFigures;
  });
  return load ? { ...figures, ...load } : `cannot be loaded: ${ending}`;
}

/** Runs a script of this folder, and says how it ended. */
async function run(
  script: string,
  args: readonly string[],
  input: string,
  onLine: (line: string) => void,
): Promise<string> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => (complaint = `${complaint}${data}`.slice(-2_000)));
  child.stdin.on('error', () => undefined).end(input);
  const silence = setTimeout(() => child.kill('SIGKILL'), silenceMsMax);
  createInterface({ input: child.stdout }).on('line', (line) => {
    silence.refresh();
    onLine(line);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(silence);
  if (signal === 'SIGKILL') return 'took more than three minutes';
  if (signal !== null || code === 134) return 'ended its process';
  const [, message = 'failed'] = /^\w*Error: (.*)$/m.exec(complaint) ?? [];
  return message;
}
