import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type SubgraphEntry } from '../../composition/config.ts';
import { generatorOptions, generatorPackages } from './generate.ts';
import { type Mapping, type MappingCode, toCode } from './mappings.ts';
import { faultOf, type Inputs, type StampFault } from './stamp.ts';

/** The generated types of one subgraph: their path and their inputs. */
export interface GeneratedFile {
  readonly subgraph: string;
  readonly path: string;
  readonly sdl: string;
  readonly code: MappingCode;
  readonly inputs: Inputs;
}

/** The generated file that a subgraph must have. Throws when the subgraph has no mapping, or no schema in a file. */
export async function generatedFileOf(
  { name, schema }: SubgraphEntry,
  mappings: ReadonlyMap<string, Mapping>,
): Promise<GeneratedFile> {
  const mapping = mappings.get(name);
  if (!mapping)
    throw new Error(`tools/codegen/mappings.json has no entry for the subgraph "${name}".`);
  if (schema.kind !== 'file') throw new Error(`The subgraph "${name}" has no schema.file.`);
  const sdl = await readFile(schema.path, 'utf8');
  return {
    subgraph: name,
    path: join(dirname(schema.path), 'resolvers', 'types.generated.ts'),
    sdl,
    code: toCode(mapping),
    inputs: [sdl, mapping, generatorPackages, generatorOptions],
  };
}

/** What is wrong with the file on disk; undefined when it is up to date. */
export async function faultOnDisk({
  path,
  inputs,
}: GeneratedFile): Promise<StampFault | 'is missing' | undefined> {
  try {
    return faultOf(await readFile(path, 'utf8'), inputs);
  } catch {
    return 'is missing';
  }
}
