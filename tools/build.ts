import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * `npm run build`: compiles to dist/ and copies the files that the code reads: schemas, contracts, migrations, the
 * supergraph. Types are not checked: that is a step of `npm run check`.
 */
const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } });

await rm(values.out, { recursive: true, force: true });

const tsc = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json', '--outDir', values.out],
  { stdio: 'inherit', timeout: 300_000 },
);

if (tsc.status === 0) {
  for (const path of [
    'supergraph.yaml',
    'supergraph.graphql',
    ...(await assetsIn('subgraphs')),
    ...(await assetsIn('events')),
  ]) {
    await mkdir(dirname(join(values.out, path)), { recursive: true });
    await copyFile(path, join(values.out, path));
  }
} else {
  process.exitCode = 1;
}

async function assetsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /[.](graphql|proto|sql)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
