import { existsSync } from 'node:fs';
import { cacheFolderOf } from '../cache/cache-place.ts';
import { compositionCache } from '../cache/composition-cache.ts';
import { type ComposeOptions, type Composition, composeSupergraph } from '../compose.ts';
import { composerNames, isInstalled, packageOf } from '../composers/composers.ts';
import { displayPath } from '../config.ts';
import { choiceOf } from './choice.ts';
import { type CommandOption, type Given, type Surroundings, UsageError } from './command.ts';
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

/** The same, of a list that is there. Throws a UsageError where none is. */
export function listedIn(given: Given): string {
  const path = configPathOf(given);
  if (existsSync(path)) return path;
  throw new UsageError(
    `There is no list of subgraphs: ${displayPath(path)} does not exist.`,
    'Create it in the format of rover, or name another: --config FILE.',
  );
}

/** How to compose, as the options say. Throws a UsageError when there is no list or no such composer. */
export function composingOf(given: Given, surroundings: Surroundings): ComposeOptions {
  const composer = choiceOf(given, 'composer', composerNames);
  if (!isInstalled(composer)) {
    throw new UsageError(
      `The composer ${composer} is a package that is not installed.`,
      `npm install --save-dev ${packageOf(composer)}`,
    );
  }
  return {
    configPath: listedIn(given),
    fetch: given.has('introspect') ? surroundings.fetch : undefined,
    composer,
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
