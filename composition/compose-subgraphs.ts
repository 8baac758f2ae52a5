import { printSchema } from 'graphql';
import type { KnownComposition } from './cache/composition-cache.ts';
import type { ComposerHint } from './composers/composer.ts';
import { type ComposerName, loadComposer } from './composers/composers.ts';
import { explain } from './explain.ts';
import { hintFixFor } from './hint-fixes.ts';
import { placesOf } from './locate.ts';
import { listPossibleTypes } from './possible-types.ts';
import type { CompositionProblem } from './problem.ts';
import type { ParsedSubgraph } from './read-schema.ts';

/** How subgraphs are composed. */
export interface HowToCompose {
  readonly composer: ComposerName;
  /** The display path of the list, for problems of all of them. */
  readonly configFile: string;
}

/** What composition gives, or every reason why it gives nothing. */
export type MadeComposition =
  | { readonly ok: true; readonly composition: KnownComposition }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

/** Composes subgraphs, and tells what it is at; the process does nothing else meanwhile. */
export async function composeSubgraphs(
  subgraphs: readonly ParsedSubgraph[],
  { composer, configFile }: HowToCompose,
  tell: (stage: string) => void,
): Promise<MadeComposition> {
  const services = subgraphs.map(({ entry, document }) => ({
    name: entry.name,
    url: entry.routingUrl,
    typeDefs: document,
  }));
  const composed = (await loadComposer(composer))(services, tell);
  if (!composed.ok) {
    const { errors, witnesses } = composed;
    return { ok: false, problems: explain(errors, subgraphs, configFile, witnesses) };
  }
  const { supergraphSdl, apiSchema, hints } = composed;
  return {
    ok: true,
    composition: {
      supergraphSdl: endWithNewline(supergraphSdl),
      apiSdl: endWithNewline(printSchema(apiSchema)),
      possibleTypes: endWithNewline(JSON.stringify(listPossibleTypes(apiSchema), null, 2)),
      hints: hints.map(hintOf),
    },
  };
}

function hintOf({ code, level, message, nodes }: ComposerHint): KnownComposition['hints'][number] {
  return { code, level, message, places: [...placesOf(nodes)], fix: hintFixFor(code) };
}

function endWithNewline(text: string): string {
  return `${text.trimEnd()}\n`;
}
