import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compose } from '../../test/support/federation.ts';
import { ensureInstalled } from '../install.ts';
import { writeSection } from '../report/write-section.ts';
import { contestants } from './contestants.ts';
import { measured } from './measure.ts';
import { operationsWithMore, plannerTable, type Row } from './table.ts';
import { workloads } from './workloads.ts';

const operationsByDefault = 60;

const usage = `Usage: npm run bench -- planner [options]

Plans the same operations with each planner and compares answers, requests, times and memory.
Writes the table into docs/planner.md; with an option it prints it only.

  --operations <n>   random operations on each supergraph (default: ${operationsByDefault})
  --only <planners>  of ${contestants.join(', ')}, separated by commas
  --on <workload>    one of them only
`;

const document = new URL('../../docs/planner.md', import.meta.url);

/** Runs the comparison of planners; the exit code is 0 when it could be made. Throws InstallError, and
 * when the signal is aborted. */
export async function comparePlanners(
  args: readonly string[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<number> {
  const options = read(args);
  if (!options) {
    process.stdout.write(usage);
    return 1;
  }
  const { operations: random = operationsByDefault, only, on } = options;
  const planners = contestants.filter((planner) => only?.includes(planner) ?? true);
  if (planners.includes('native')) ensureInstalled(say);
  const folder = mkdtempSync(join(tmpdir(), 'planners-'));
  const rows: Row[] = [];
  try {
    for (const [workload, { shape }] of Object.entries(workloads)) {
      if (on !== undefined && workload !== on) continue;
      const { schemas, supergraphSdl } = shape();
      const supergraphPath = join(folder, 'supergraph.graphql');
      writeFileSync(supergraphPath, supergraphSdl ?? compose(schemas));
      for (const planner of planners) {
        say(`${planner} on ${workload}`);
        const figures = await measured({ planner, workload, supergraphPath, random }, signal, say);
        rows.push({ workload, planner, figures });
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const table = plannerTable(rows);
  process.stdout.write(`${table}\n`);
  for (const line of operationsWithMore(rows)) say(`ours asks for more: ${line}`);
  if (Object.values(options).every((option) => option === undefined)) {
    writeSection(document, { maker: 'planner', heading: 'Beside other planners' }, table);
    say('wrote the table into docs/planner.md');
  }
  return 0;
}

function read(args: readonly string[]) {
  try {
    const { operations, only, on } = parseArgs({
      args: [...args],
      options: { operations: { type: 'string' }, only: { type: 'string' }, on: { type: 'string' } },
    }).values;
    const count = operations === undefined ? undefined : Number(operations);
    if (count !== undefined && !(Number.isInteger(count) && count > 0)) return undefined;
    return { operations: count, only: only?.split(','), on };
  } catch {
    return undefined;
  }
}
