import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../common/command-line.ts';
import { artifactsOf, staleArtifacts, writeArtifacts } from './artifacts.ts';
import { type CompositionHint, composeSupergraph } from './compose.ts';
import { displayPath } from './config.ts';
import { formatPlace, formatProblem } from './problem.ts';

const usage = `Composes the subgraphs into a supergraph.

Usage: npm run compose -- [options]

  --config FILE  the list of subgraphs, in rover's format (default: supergraph.yaml)
  --check        write nothing; fail when a written file is out of date
  --introspect   ask subgraphs listed with schema.subgraph_url for their schemas
  --help         print this

Writes supergraph.graphql, api.graphql and possible-types.json beside the list. Exit code: 0 done, 1 the subgraphs do
not compose or a file is out of date, 2 wrong usage.`;

process.exitCode = await runCommand(usage, readOptions, compose);

interface Options {
  readonly config: string;
  readonly check: boolean;
  readonly introspect: boolean;
  readonly help: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: 'supergraph.yaml' },
      check: { type: 'boolean', default: false },
      introspect: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

async function compose({ config: configPath, check, introspect }: Options): Promise<number> {
  const composition = await composeSupergraph({
    configPath,
    fetch: introspect ? globalThis.fetch : undefined,
  });
  if (!composition.ok) {
    console.error(composition.problems.map(formatProblem).join('\n\n'));
    console.error(`\nNot composed: ${count(composition.problems.length, 'problem')}.`);
    return 1;
  }
  const artifacts = artifactsOf(composition, dirname(configPath));
  if (check) {
    const stale = await staleArtifacts(artifacts);
    for (const { path } of stale)
      console.error(`${displayPath(path)} is out of date: run npm run compose`);
    return stale.length > 0 ? 1 : 0;
  }
  const written = await writeArtifacts(artifacts);
  console.log(
    written.length > 0 ? `Wrote ${written.map(displayPath).join(', ')}.` : 'Nothing changed.',
  );
  for (const hint of composition.hints) console.log(formatHint(hint));
  return 0;
}

function formatHint({ level, code, message, places: [place] }: CompositionHint): string {
  return `${level} ${code}${place ? ` ${formatPlace(place)}` : ''}: ${message}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
