import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runCommand } from '../common/command-line.ts';
import { messageOf } from '../common/errors.ts';
import { accessTable, printAccessTable } from './access/access-table.ts';

const usage = `Lists restricted elements: each field and type of a supergraph with an access directive.

Usage: npm run access -- [options] [FILE]

  FILE     the supergraph (default: supergraph.graphql)
  --json   print the table as JSON
  --write  write it to access.txt, which is committed: a change of access is seen in review
  --check  fail when access.txt is out of date
  --help   print this

Exit code: 0 done, 1 the file cannot be read or access.txt is out of date, 2 wrong usage.`;

const committed = 'access.txt';

process.exitCode = await runCommand(usage, readOptions, run);

async function run(options: Options): Promise<number> {
  try {
    return await show(options);
  } catch (error) {
    console.error(`${options.path}: ${messageOf(error)}`);
    return 1;
  }
}

interface Options {
  readonly path: string;
  readonly json: boolean;
  readonly write: boolean;
  readonly check: boolean;
  readonly help: boolean;
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [path = 'supergraph.graphql', ...others] = positionals;
  if (others.length > 0) throw new Error(`Expected one file; got ${positionals.join(', ')}.`);
  return { path, ...values };
}

async function show({ path, json, write, check }: Options): Promise<number> {
  const rows = accessTable(await readFile(path, 'utf8'));
  const table = printAccessTable(rows);
  if (check) {
    if ((await readFile(committed, 'utf8').catch(() => undefined)) === table) return 0;
    console.error(`${committed} is out of date: run npm run access -- --write`);
    return 1;
  }
  if (write) await writeFile(committed, table);
  else process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : table);
  return 0;
}
