import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SubgraphNames } from './names.ts';

const folder = fileURLToPath(new URL('./template/', import.meta.url));
const suffix = '.tmpl';

/** The files of a new subgraph: their paths inside its folder, and their texts. */
export async function renderTemplate(
  { name, camel, Pascal }: SubgraphNames,
  port: number,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map([
    ['name', name],
    ['camel', camel],
    ['Pascal', Pascal],
    ['port', String(port)],
  ]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.name.endsWith(suffix));
  return new Map(
    await Promise.all(
      files.map(async (entry) => {
        const source = join(entry.parentPath, entry.name);
        const text = await readFile(source, 'utf8');
        return [
          relative(folder, source).slice(0, -suffix.length),
          text.replaceAll(/\{\{(\w+)\}\}/g, (hole, key: string) => values.get(key) ?? hole),
        ] as const;
      }),
    ),
  );
}
