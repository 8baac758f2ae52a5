import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Composition } from './compose.ts';

/** The name of the composed supergraph, beside the list of subgraphs. */
export const supergraphFile = 'supergraph.graphql';

/** A generated file. */
export interface Artifact {
  readonly path: string;
  readonly text: string;
}

/** The files of a composition in a folder: `supergraph.graphql`, `api.graphql`, `possible-types.json`. */
export function artifactsOf(
  composition: Extract<Composition, { ok: true }>,
  folder: string,
): readonly Artifact[] {
  return [
    { path: join(folder, supergraphFile), text: composition.supergraphSdl },
    { path: join(folder, 'api.graphql'), text: composition.apiSdl },
    { path: join(folder, 'possible-types.json'), text: composition.possibleTypes },
  ];
}

/** Writes the files that differ on disk. Returns the paths that changed. */
export async function writeArtifacts(artifacts: readonly Artifact[]): Promise<readonly string[]> {
  const stale = await staleArtifacts(artifacts);
  await Promise.all(stale.map(({ path, text }) => writeFile(path, text)));
  return stale.map(({ path }) => path);
}

/** A file that is out of date. */
export interface StaleArtifact extends Artifact {
  /** Its content on disk; `undefined` when it is missing. */
  readonly found: string | undefined;
}

/** Those of the files that are missing or differ on disk. */
export async function staleArtifacts(
  artifacts: readonly Artifact[],
): Promise<readonly StaleArtifact[]> {
  const read = await Promise.all(
    artifacts.map(async (each) => ({ ...each, found: await readIfThere(each.path) })),
  );
  return read.filter(({ text, found }) => found !== text);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
