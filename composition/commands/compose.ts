import { dirname } from 'node:path';
import { type Artifact, artifactsOf, writeArtifacts } from '../artifacts.ts';
import {
  type ComposeOptions,
  type Composition,
  type CompositionHint,
  composeSupergraph,
} from '../compose.ts';
import { displayPath } from '../config.ts';
import { formatProblem } from '../problem.ts';
import { checkArtifacts } from './check-artifacts.ts';
import { type Command, type Given, type Surroundings, UsageError } from './command.ts';
import { composingOf, composingOptions } from './composed.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { runOnChange, watchOption } from './run-on-change.ts';
import { schemaFilesOf } from './schema-files.ts';
import { showProblems } from './show-problems.ts';

/** `compose`: writes what a gateway and its clients load. */
export const composeCommand: Command = {
  name: 'compose',
  summary: 'Composes the subgraphs into a supergraph.',
  options: {
    output: {
      value: 'FILE',
      help: 'write the supergraph there and nothing else; - is the standard output',
    },
    check: { help: 'write nothing; fail when a written file is out of date, and show how' },
    watch: watchOption,
    ...composingOptions,
  },
  examples: ['', '--check', '--config shop/supergraph.yaml --output -'],
  notes:
    'Writes supergraph.graphql, api.graphql and possible-types.json beside the list. The same schemas give the same files, byte for byte.',
  run: (given, surroundings) => {
    if (given.text('output') === '-' && given.has('check')) {
      throw new UsageError(
        '--check compares a file; --output - writes none.',
        'Name the file that is committed: --check --output supergraph.graphql.',
      );
    }
    const composing = composingOf(given, surroundings);
    const once = () => composeOnce(given, surroundings, composing);
    if (!given.has('watch')) return once();
    return runOnChange(once, () => schemaFilesOf(composing.configPath), surroundings);
  },
};

async function composeOnce(
  given: Given,
  surroundings: Surroundings,
  composing: ComposeOptions,
): Promise<ExitCode> {
  const output = given.text('output');
  const composition = await composeSupergraph(composing);
  if (!composition.ok) {
    showProblems(composition.problems, surroundings);
    return exitCodes.notComposed;
  }
  const artifacts = artifactsFor(composition, composing.configPath, output);
  if (given.has('check')) return checkArtifacts(artifacts, 'compose', surroundings);
  if (output === '-') {
    surroundings.out(composition.supergraphSdl.trimEnd());
    showHints(composition.hints, surroundings.err);
    return exitCodes.fine;
  }
  const written = await writeArtifacts(artifacts);
  surroundings.out(
    written.length > 0 ? `Wrote ${written.map(displayPath).join(', ')}.` : 'Nothing changed.',
  );
  showHints(composition.hints, surroundings.out);
  return exitCodes.fine;
}

function artifactsFor(
  composition: Extract<Composition, { ok: true }>,
  configPath: string,
  output: string | undefined,
): readonly Artifact[] {
  if (output === '-') return [];
  if (output !== undefined) return [{ path: output, text: composition.supergraphSdl }];
  return artifactsOf(composition, dirname(configPath));
}

function showHints(hints: readonly CompositionHint[], write: Surroundings['out']): void {
  for (const { level, code, ...hint } of hints)
    write(formatProblem({ ...hint, code: `${level} ${code}` }));
}
