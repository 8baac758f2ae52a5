import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runCommand } from '../common/command-line.ts';
import { threatNames } from './threats/names.ts';
import { printThreatTable, type TestTitles, threatTable, unnamed } from './threats/threat-table.ts';

const usage = `Prints which test shows what each threat gets: a table in Markdown, of the titles of the tests that passed when
they last ran (npm test, npm run test:long).

Usage: npm run threats -- [options]

  --check  print only the threats that no test names
  --help   print this

Exit code: 0 every threat is named by a test that passed, 1 one is not, 2 wrong usage.`;

/** Where tools/jest/title-reporter.js keeps them (jest.config.js). */
const titlesFile = 'node_modules/.cache/supergraph/test-titles.json';

const titlesSchema = z.record(z.string(), z.array(z.array(z.string())));

process.exitCode = await runCommand(usage, readOptions, run);

async function run({ check }: Options): Promise<number> {
  const rows = threatTable(threatNames, await readTitles());
  const missing = unnamed(rows);
  if (!check) process.stdout.write(printThreatTable(rows));
  for (const { number, name } of missing) {
    console.error(`No test that passed names threat ${number}: ${name}.`);
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

/** Empty when no test has run yet. The tools' own tests mention threats, but do not cover them. */
async function readTitles(): Promise<TestTitles> {
  const text = await readFile(titlesFile, 'utf8').catch(() => '{}');
  const titles = Object.entries(titlesSchema.parse(JSON.parse(text)));
  return Object.fromEntries(titles.filter(([path]) => !path.startsWith('tools/')));
}
