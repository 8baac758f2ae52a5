import { cacheFolderOf } from '../cache/cache-place.ts';
import { compositionCache } from '../cache/composition-cache.ts';
import { type ComposeOptions, type Composition, composeSupergraph } from '../compose.ts';
import { composerNames } from '../composers/composers.ts';
import { choiceOf } from './choice.ts';
import type { CommandOption, Given, Surroundings } from './command.ts';
import { progressTo } from './progress.ts';
import { showProblems } from './show-problems.ts';

/** The options of every command that composes. */
export const composingOptions = {
  config: {
    value: 'FILE',
    help: "the list of subgraphs, in rover's format (default: supergraph.yaml)",
  },
  introspect: { help: 'ask subgraphs listed with schema.subgraph_url for their schemas' },
  composer: {
    value: composerNames.join('|'),
    help: "Apollo's composition, or The Guild's, which is faster and gives no hints (default: apollo)",
  },
  'no-cache': { help: 'compose all of it, even what was composed before' },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** The list of subgraphs that `--config` names. */
export function configPathOf(given: Given): string {
  return given.text('config') ?? 'supergraph.yaml';
}

/** How to compose, as the options say. Throws a UsageError when there is no such composer. */
export function composingOf(given: Given, surroundings: Surroundings): ComposeOptions {
  return {
    configPath: configPathOf(given),
    fetch: given.has('introspect') ? surroundings.fetch : undefined,
    composer: choiceOf(given, 'composer', composerNames),
    cache: given.has('no-cache')
      ? undefined
      : compositionCache(cacheFolderOf(surroundings.environment)),
    progress: progressTo(surroundings),
  };
}

/** Composes what the options say; otherwise says why not, and gives `undefined`. */
export async function composedFor(
  given: Given,
  surroundings: Surroundings,
): Promise<Extract<Composition, { ok: true }> | undefined> {
  const composition = await composeSupergraph(composingOf(given, surroundings));
  if (composition.ok) return composition;
  showProblems(composition.problems, surroundings);
  return undefined;
}
