import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { displayPath, readConfig } from '../composition/config.ts';
import { formatProblem } from '../composition/problem.ts';
import { generateTypes } from './codegen/generate.ts';
import { faultOnDisk, type GeneratedFile, generatedFileOf } from './codegen/generated-files.ts';
import { readMappings } from './codegen/mappings.ts';
import { stamp } from './codegen/stamp.ts';

/** `npm run codegen`: writes each subgraph's resolver types; with `--check` says, offline, which are out of date. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const result = await readConfig('supergraph.yaml');
if (result.ok) {
  const mappings = await readMappings();
  const files = await Promise.all(
    result.config.subgraphs.map((subgraph) => generatedFileOf(subgraph, mappings)),
  );
  await (values.check ? check(files) : generate(files));
} else {
  console.error(result.problems.map(formatProblem).join('\n'));
  process.exitCode = 1;
}

async function check(files: readonly GeneratedFile[]): Promise<void> {
  const faults = await Promise.all(files.map(faultOnDisk));
  files.forEach(({ path }, index) => {
    const fault = faults[index];
    if (fault === undefined) return;
    console.error(`${displayPath(path)} ${fault}: run npm run codegen`);
    process.exitCode = 1;
  });
}

async function generate(files: readonly GeneratedFile[]): Promise<void> {
  const bodies = await generateTypes(files);
  const style = await resolveConfig('package.json');
  for (const [index, { path, code, inputs }] of files.entries()) {
    const text = [...code.imports, '', bodies[index]].join('\n');
    const body = await format(text, { ...style, parser: 'typescript' });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, stamp(body, inputs));
    console.log(displayPath(path));
  }
}
