import { spawnSync } from 'node:child_process';
import { type SchemaBase, schemaBaseOf } from './check/schema-base.ts';

/**
 * `npm run check:schema`: what the change of this branch does to the clients of the graph. Further arguments are those of
 * `supergraph check`; with `--base` or `--base-file`, that is compared with.
 */
const given = process.argv.slice(2);
const isBaseNamed = given.some((each) => /^--base(?:-file)?(?:=|$)/.test(each));
const { options, note }: SchemaBase = isBaseNamed
  ? { options: [] }
  : await schemaBaseOf('supergraph.yaml');
if (note !== undefined) console.error(note);

const { status, error } = spawnSync(
  process.execPath,
  ['--import', 'tsx', 'composition/cli.ts', 'check', ...options, ...given],
  { stdio: 'inherit', timeout: 300_000 },
);
if (error) console.error(error.message);
process.exitCode = status ?? 1;
