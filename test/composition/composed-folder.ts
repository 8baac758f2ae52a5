import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Composition, composeSupergraph } from '../../composition/compose.ts';
import type { CompositionProblem } from '../../composition/problem.ts';

/** The SDL of each subgraph, by its name. */
export type Schemas = Readonly<Record<string, string>>;

/** What a subgraph of Federation 2 begins with, in one line. */
export const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@tag"])`;

/** Composes schemas from files in a folder that is gone afterwards; `head` stands before the list of subgraphs. */
export async function composeSchemas(schemas: Schemas, head = ''): Promise<Composition> {
  const entries = Object.keys(schemas).map(
    (name) =>
      `  ${name}:\n    routing_url: http://127.0.0.1/${name}\n    schema:\n      file: ./${name}.graphql\n`,
  );
  return composeFiles({
    'supergraph.yaml': `${head}subgraphs:\n${entries.join('')}`,
    ...Object.fromEntries(
      Object.entries(schemas).map(([name, sdl]) => [`${name}.graphql`, sdl] as const),
    ),
  });
}

/** Composes what a supergraph.yaml among files lists. */
export async function composeFiles(
  files: Readonly<Record<string, string>>,
  fetch?: typeof globalThis.fetch,
): Promise<Composition> {
  const folder = await mkdtemp(join(tmpdir(), 'composition-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await composeSupergraph({ configPath: join(folder, 'supergraph.yaml'), fetch });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The composition, which must be one. */
export function composedOf(composition: Composition): Extract<Composition, { ok: true }> {
  if (!composition.ok) throw new Error(JSON.stringify(composition.problems));
  return composition;
}

/** The problems of what must not compose. */
export function problemsIn(composition: Composition): readonly CompositionProblem[] {
  if (composition.ok) throw new Error('It composes, although it should not.');
  return composition.problems;
}

/** A place without the folder of its file. */
export function shortPlace({ file, line, column }: CompositionProblem['places'][number]): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return [name, line, column].filter((part) => part !== undefined).join(':');
}
