import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What the services consist of: folders, and single files. */
export const sourcePlaces = [
  'subgraphs',
  'engine',
  'events',
  'gateway',
  'common',
  'storefront',
  'composition',
  'supergraph.yaml',
  'tools/codegen/mappings.json',
] as const;

/** The files whose changes trigger a reload; not generated files and tests. */
export async function listSources(): Promise<readonly string[]> {
  const files = sourcePlaces.filter((place) => place.includes('.'));
  const folders = sourcePlaces.filter((place) => !place.includes('.'));
  const entries = await Promise.all(
    folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })),
  );
  return entries
    .flat()
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\.(ts|graphql|sql)$/.test(path) && !/\.(test|generated)\.ts$/.test(path))
    .concat(files);
}
