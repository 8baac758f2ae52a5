import { readConfig } from '../config.ts';

/** The list of subgraphs and the files that it names; the list alone while it cannot be read. */
export async function schemaFilesOf(configPath: string): Promise<readonly string[]> {
  const read = await readConfig(configPath);
  const schemas = read.ok
    ? read.config.subgraphs.flatMap(({ schema }) => (schema.kind === 'file' ? [schema.path] : []))
    : [];
  return [configPath, ...schemas];
}
