import { dirname } from 'node:path';
import { type Artifact, artifactsOf, staleArtifacts, writeArtifacts } from '../artifacts.ts';
import { type Composition, type CompositionHint, composeSupergraph } from '../compose.ts';
import { displayPath } from '../config.ts';
import { type CompositionProblem, formatProblem } from '../problem.ts';
import { textDiff } from '../text-diff.ts';
import { type Command, type Surroundings, UsageError } from './command.ts';
import { exitCodes } from './exit-code.ts';

/** `compose`: writes what a gateway and its clients load. */
export const composeCommand: Command = {
  name: 'compose',
  summary: 'Composes the subgraphs into a supergraph.',
  options: {
    config: {
      value: 'FILE',
      help: "the list of subgraphs, in rover's format (default: supergraph.yaml)",
    },
    output: {
      value: 'FILE',
      help: 'write the supergraph there and nothing else; - is the standard output',
    },
    check: { help: 'write nothing; fail when a written file is out of date, and show how' },
    introspect: { help: 'ask subgraphs listed with schema.subgraph_url for their schemas' },
  },
  examples: ['', '--check', '--config shop/supergraph.yaml --output -'],
  notes:
    'Writes supergraph.graphql, api.graphql and possible-types.json beside the list. The same schemas give the same files, byte for byte.',
  run: async (given, surroundings) => {
    const configPath = given.text('config') ?? 'supergraph.yaml';
    const output = given.text('output');
    if (output === '-' && given.has('check')) {
      throw new UsageError(
        '--check compares a file; --output - writes none.',
        'Name the file that is committed: --check --output supergraph.graphql.',
      );
    }
    const composition = await composeSupergraph({
      configPath,
      fetch: given.has('introspect') ? surroundings.fetch : undefined,
    });
    if (!composition.ok) {
      showProblems(composition.problems, surroundings);
      return exitCodes.notComposed;
    }
    const artifacts = artifactsFor(composition, configPath, output);
    if (given.has('check')) return checkArtifacts(artifacts, surroundings);
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
  },
};

/** Says why subgraphs do not compose. */
function showProblems(
  problems: readonly CompositionProblem[],
  { err }: Pick<Surroundings, 'err'>,
): void {
  err(problems.map(formatProblem).join('\n\n'));
  err(`\nNot composed: ${problems.length} problem${problems.length === 1 ? '' : 's'}.`);
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

async function checkArtifacts(
  artifacts: readonly Artifact[],
  { err }: Surroundings,
): Promise<0 | 1> {
  const stale = await staleArtifacts(artifacts);
  for (const { path, text, found } of stale) {
    const shown = displayPath(path);
    const state = found === undefined ? 'is missing' : 'is out of date';
    err(`${shown} ${state}: run npm run compose`);
    if (found !== undefined) err(textDiff(found, text, shown));
  }
  return stale.length > 0 ? exitCodes.findings : exitCodes.fine;
}

function showHints(hints: readonly CompositionHint[], write: Surroundings['out']): void {
  for (const { level, code, ...hint } of hints)
    write(formatProblem({ ...hint, code: `${level} ${code}` }));
}
