import { AppError, messageOf } from '../../common/errors.ts';
import { UsageError } from '../commands/command.ts';
import { type Composition, composeSupergraph } from '../compose.ts';
import { displayPath } from '../config.ts';
import { type ReadText, readTextFile } from '../read-text.ts';
import { findGitBase } from './git-base.ts';
import { type Side, sideOfComposition, sideOfSupergraph } from './side.ts';

/** The working tree, composed, with the texts that it was composed from. */
export interface Head {
  readonly composition: Composition;
  readonly texts: ReadonlyMap<string, string>;
}

/** Composes the working tree. */
export async function composeHead(
  configPath: string,
  fetch: typeof globalThis.fetch | undefined,
): Promise<Head> {
  const texts = new Map<string, string>();
  const readText: ReadText = async (path) => {
    const text = await readTextFile(path);
    texts.set(path, text);
    return text;
  };
  return { composition: await composeSupergraph({ configPath, fetch, readText }), texts };
}

/** The base, or why it does not compose. */
export type Base =
  | { readonly ok: true; readonly side: Side; readonly name: string }
  | {
      readonly ok: false;
      readonly problems: Extract<Composition, { ok: false }>['problems'];
      readonly name: string;
    };

/** Reads a composed supergraph file as the base. */
export async function readBaseFile(path: string): Promise<Base> {
  const name = displayPath(path);
  let sdl: string;
  try {
    sdl = await readTextFile(path);
  } catch (error) {
    throw new UsageError(
      `Cannot read the base ${name}: ${messageOf(error)}`,
      'Name a file that compose has written: --base-file supergraph.graphql.',
    );
  }
  try {
    return { ok: true, side: sideOfSupergraph(sdl, name), name };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(
      `The base ${name} is no supergraph: ${error.message}`,
      'Name a file that compose has written; an API schema or one of a subgraph does not say enough.',
    );
  }
}

/** Composes the base commit: the given one, or the merge base with the main branch. */
export async function composeGitBase(
  configPath: string,
  ref: string | undefined,
  head: Head & { readonly side: Side },
): Promise<Base> {
  const { description: name, readText } = await findGitBase(configPath, ref);
  // Composition takes the longest; most often nothing changed.
  if (await isSame(head, readText)) return { ok: true, side: head.side, name };
  const composition = await composeSupergraph({ configPath, readText });
  if (composition.ok) return { ok: true, side: sideOfComposition(composition), name };
  const { problems } = composition;
  for (const { code, message } of problems) {
    if (code !== 'SCHEMA_NOT_ASKED_FOR' && code !== 'CONFIG_UNREADABLE') continue;
    throw new UsageError(
      `The base ${name} cannot be checked: ${message}`,
      'Compare with the supergraph that was composed then: --base-file supergraph.graphql.',
    );
  }
  return { ok: false, problems, name };
}

async function isSame({ composition, texts }: Head, readText: ReadText): Promise<boolean> {
  if (!composition.ok) return false;
  const isAsked = composition.subgraphs.some(({ entry }) => entry.schema.kind === 'subgraph');
  if (isAsked) return false;
  try {
    const same = [...texts].map(async ([path, text]) => (await readText(path)) === text);
    return (await Promise.all(same)).every(Boolean);
  } catch {
    return false;
  }
}
