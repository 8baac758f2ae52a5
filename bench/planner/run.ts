import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { contestants } from './contestants.ts';
import type { PlannerFigures } from './measure-in-a-process.ts';
import { plannerTable } from './table.ts';
import { workloads } from './workloads.ts';

const usage = `Usage: npm run bench -- planner [--operations <n>] [--only <planners>]

Plans the same operations with each planner and compares answers, requests, times and memory.
Writes the table into docs/planner.md; with an option it prints it only.

  --operations <n>   random operations on each supergraph (default: 200)
  --only <planners>  of ${contestants.join(', ')}, separated by commas
`;

const script = fileURLToPath(new URL('./measure-in-a-process.ts', import.meta.url));
const document = new URL('../../docs/planner.md', import.meta.url);
const [begin, end] = ['<!-- npm run bench -- planner -->', '<!-- end of the table -->'];

/** Runs the comparison of planners; the exit code is 0 when all could be measured or ended their process. */
export async function comparePlanners(
  args: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const options = read(args);
  if (!options) {
    process.stdout.write(usage);
    return 1;
  }
  const { operations, only } = options;
  const rows: (readonly [workload: string, planner: string, figures: PlannerFigures | string])[] =
    [];
  for (const name of Object.keys(workloads)) {
    for (const planner of contestants) {
      if (only && !only.includes(planner)) continue;
      say(`${planner} on ${name}`);
      rows.push([name, planner, await measured(planner, name, operations ?? 200, say)]);
    }
  }
  const table = plannerTable(rows);
  process.stdout.write(`${table}\n`);
  if (operations === undefined && !only) {
    writeTable(table);
    say('wrote the table into docs/planner.md');
  }
  return 0;
}

/** Why the planner could not be measured, where it could not. */
async function measured(
  planner: string,
  workload: string,
  operations: number,
  say: (line: string) => void,
): Promise<PlannerFigures | string> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', '--import', 'tsx', script, planner, workload, String(operations)],
      { timeout: 3_600_000, maxBuffer: 2 ** 28 },
    );
    return JSON.parse(stdout) as PlannerFigures;
  } catch (error) {
    say(`  ${(error as Error).message.split('\n').slice(0, 6).join('\n  ')}`);
    const { signal, code } = error as { readonly signal?: string; readonly code?: number };
    return signal != null || code === 134 ? 'ended its process' : 'cannot plan on it';
  }
}

function read(args: readonly string[]) {
  try {
    const { operations, only } = parseArgs({
      args: [...args],
      options: { operations: { type: 'string' }, only: { type: 'string' } },
    }).values;
    const count = operations === undefined ? undefined : Number(operations);
    if (count !== undefined && !(Number.isInteger(count) && count > 0)) return undefined;
    return { operations: count, only: only?.split(',') };
  } catch {
    return undefined;
  }
}

function writeTable(table: string): void {
  const text = existsSync(document) ? readFileSync(document, 'utf8') : '# The planner\n';
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  const section = `${begin}\n\n${table}\n\n${end}`;
  const written =
    from < 0 || to < from
      ? `${text.trimEnd()}\n\n## Beside other planners\n\n${section}\n`
      : text.slice(0, from) + section + text.slice(to + end.length);
  writeFileSync(document, written);
}
