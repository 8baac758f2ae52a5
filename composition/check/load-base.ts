import { dirname, resolve } from 'node:path';
import { AppError, messageOf } from '../../common/errors.ts';
import { supergraphFile } from '../artifacts.ts';
import { UsageError } from '../commands/command.ts';
import {
  type ComposeOptions,
  type Composition,
  composeSupergraph,
  type ReadSubgraphs,
  readSubgraphs,
} from '../compose.ts';
import { type ContractEntry, displayPath, readConfig } from '../config.ts';
import { type ReadText, readTextFile } from '../read-text.ts';
import { type ContractSides, contractSides } from './contracts/contract-side.ts';
import { findGitBase } from './git-base.ts';
import { type Side, sideOfComposition, sideOfSupergraph } from './side.ts';

/** The working tree, read and not composed yet, with the texts that there are. */
export interface Head {
  readonly read: ReadSubgraphs;
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads the working tree. */
export async function readHead(options: ComposeOptions): Promise<Head> {
  const texts = new Map<string, string>();
  const readText: ReadText = async (path) => {
    const text = await readTextFile(path);
    texts.set(path, text);
    return text;
  };
  return { read: await readSubgraphs({ ...options, readText }), texts };
}

/** One side, with its contracts. */
export interface SideWithContracts {
  readonly side: Side;
  readonly contracts: ContractSides;
}

/** The base, or why it does not compose. */
export type Base =
  | (SideWithContracts & { readonly ok: true; readonly name: string })
  | {
      readonly ok: false;
      readonly problems: Extract<Composition, { ok: false }>['problems'];
      readonly name: string;
    };

/** The working tree or a base that was composed, with its contracts. */
export function sideWithContracts(
  composition: Extract<Composition, { ok: true }>,
): SideWithContracts {
  const { contracts, supergraphSdl, subgraphs } = composition;
  return {
    side: sideOfComposition(composition),
    contracts: contractSides(contracts, supergraphSdl, subgraphs),
  };
}

/** Reads a composed supergraph file as the base. A file has no list of contracts: those of now are made of it. */
export async function readBaseFile(
  path: string,
  contracts: readonly ContractEntry[],
): Promise<Base> {
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
    const side = sideOfSupergraph(sdl, name);
    return { ok: true, side, contracts: contractSides(contracts, sdl, []), name };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(
      `The base ${name} is no supergraph: ${error.message}`,
      'Name a file that compose has written; an API schema or one of a subgraph does not say enough.',
    );
  }
}

/**
 * Composes what a commit has: the named one, or where the branch left the main branch. Nothing of it is asked for.
 * `same` where the working tree has the same texts.
 */
export async function composeGitBase(
  options: Omit<ComposeOptions, 'fetch' | 'readText'>,
  ref: string | undefined,
  head: Head,
): Promise<Base | { readonly ok: 'same'; readonly name: string }> {
  const { configPath, progress } = options;
  const { description: name, readText } = await findGitBase(configPath, ref);
  // Composition takes the longest; most often nothing changed.
  if (await isSame(head, readText)) return { ok: 'same', name };
  const composition = await composeSupergraph({
    ...options,
    fetch: undefined,
    readText,
    progress: (stage) => progress?.(`base ${name}: ${stage}`),
  });
  if (composition.ok) return { ok: true, ...sideWithContracts(composition), name };
  const { problems } = composition;
  if (problems.some(({ code }) => code === 'SCHEMA_NOT_ASKED_FOR')) {
    const committed = await committedSupergraph(configPath, name, readText);
    if (committed) return { ok: true, ...committed, name };
  }
  for (const { code, message } of problems) {
    if (code !== 'SCHEMA_NOT_ASKED_FOR' && code !== 'CONFIG_UNREADABLE') continue;
    throw new UsageError(
      `The base ${name} cannot be checked: ${message}`,
      'Commit what compose writes (supergraph.graphql), or compare with a file: --base-file FILE.',
    );
  }
  return { ok: false, problems, name };
}

/** A running subgraph cannot be asked for the schema that it had then: what was composed and committed then has it. */
async function committedSupergraph(
  configPath: string,
  name: string,
  readText: ReadText,
): Promise<SideWithContracts | undefined> {
  let sdl: string;
  try {
    sdl = await readText(resolve(dirname(configPath), supergraphFile));
  } catch {
    return undefined;
  }
  try {
    const side = sideOfSupergraph(sdl, `${supergraphFile} of ${name}`);
    const list = await readConfig(configPath, undefined, readText);
    const contracts = list.ok ? list.config.contracts : [];
    return { side, contracts: contractSides(contracts, sdl, []) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new UsageError(
      `The ${supergraphFile} of the base ${name} is no supergraph: ${error.message}`,
      'Compare with another file: --base-file FILE.',
    );
  }
}

async function isSame({ read, texts }: Head, readText: ReadText): Promise<boolean> {
  if (!read.ok) return false;
  const isAsked = read.subgraphs.some(({ entry }) => entry.schema.kind === 'subgraph');
  if (isAsked) return false;
  try {
    const same = [...texts].map(async ([path, text]) => (await readText(path)) === text);
    return (await Promise.all(same)).every(Boolean);
  } catch {
    return false;
  }
}
