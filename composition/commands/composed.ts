import { type Composition, composeSupergraph } from '../compose.ts';
import type { CommandOption, Given, Surroundings } from './command.ts';
import { showProblems } from './show-problems.ts';

/** `--config FILE`. */
export const configOption: CommandOption = {
  value: 'FILE',
  help: "the list of subgraphs, in rover's format (default: supergraph.yaml)",
};

/** `--introspect`. */
export const introspectOption: CommandOption = {
  help: 'ask subgraphs listed with schema.subgraph_url for their schemas',
};

/** The list of subgraphs that `--config` names. */
export function configPathOf(given: Given): string {
  return given.text('config') ?? 'supergraph.yaml';
}

/** Composes what `--config` and `--introspect` say; otherwise says why not, and gives `undefined`. */
export async function composedFor(
  given: Given,
  surroundings: Surroundings,
): Promise<Extract<Composition, { ok: true }> | undefined> {
  const composition = await composeSupergraph({
    configPath: configPathOf(given),
    fetch: given.has('introspect') ? surroundings.fetch : undefined,
  });
  if (composition.ok) return composition;
  showProblems(composition.problems, surroundings);
  return undefined;
}
