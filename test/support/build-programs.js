import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync, copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Below the dependencies, which the programs find from there. */
const home = join(root, 'node_modules/.cache/supergraph');
const folders = ['common', 'engine', 'gateway', 'subgraphs', 'events', 'composition', 'storefront'];

/**
 * Before the tests of a run: the programs as JavaScript, once, with the files they read. A process that tests start
 * from these is up in half the time that it needs to strip the types itself. The folder is in BUILT_PROGRAMS.
 */
export default async function buildPrograms({ watch, watchAll }) {
  if (watch || watchAll) throw new Error('--watch would go on with the modules of the first run.');
  mkdirSync(home, { recursive: true });
  const out = mkdtempSync(join(home, 'programs-'));
  process.env.BUILT_PROGRAMS = out;
  process.once('exit', () => {
    rmSync(out, { recursive: true, force: true });
  });
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)),
  );
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: files.filter((file) => /(?<![.]test)[.]ts$/.test(file)),
    outbase: root,
    outdir: out,
    format: 'esm',
    target: 'node20',
    write: false,
  });
  for (const { path, text } of outputFiles) {
    write(path, text.replaceAll(/(\bfrom |\bimport |\bimport\()("[.][^"]*)[.]ts"/g, '$1$2.js"'));
  }
  for (const file of files.filter((path) => /[.](graphql|proto|sql|json)$/.test(path))) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    copyFileSync(join(root, file), join(out, file));
  }
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }');
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
