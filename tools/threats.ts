import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../common/command-line.ts';
import { threatNames } from './threats/names.ts';
import { printThreatTable, type TestFile, threatTable, unnamed } from './threats/threat-table.ts';

const usage = `Prints which test shows what each threat gets: a table in Markdown, from the titles of the tests.

Usage: npm run threats -- [options]

  --check  print only the threats that no test names
  --help   print this

Exit code: 0 every threat is named by a test, 1 one is not, 2 wrong usage.`;

const folders = ['common', 'composition', 'engine', 'gateway', 'storefront', 'subgraphs', 'test'];

process.exitCode = await runCommand(usage, readOptions, run);

async function run({ check }: Options): Promise<number> {
  const rows = threatTable(threatNames, await readTests());
  const missing = unnamed(rows);
  if (!check) process.stdout.write(printThreatTable(rows));
  for (const { number, name } of missing) {
    console.error(`No test names threat ${number}: ${name}.`);
  }
  return missing.length === 0 ? 0 : 1;
}

interface Options {
  readonly check: boolean;
  readonly help: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

async function readTests(): Promise<readonly TestFile[]> {
  const found = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true })).map((name) => join(folder, name)),
    ),
  );
  const paths = found
    .flat()
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .sort();
  return Promise.all(paths.map(async (path) => ({ path, source: await readFile(path, 'utf8') })));
}
