import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { sourceMapOf } from './source-maps.js';

const globals = new URL('globals.js', import.meta.url).href;

/** Where a test imports what Jest gives it; a folder is what it is to `require`, as a library of Apollo imports it. */
export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: globals, shortCircuit: true };
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== 'ERR_UNSUPPORTED_DIR_IMPORT') throw error;
    return next(createRequire(context.parentURL).resolve(specifier), context);
  }
}

/** Strips the types of a TypeScript module, and lays down which line was which. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(url);
  const { code, map } = await transform(await readFile(path, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: 'external',
    sourcefile: path,
  });
  const mapFile = sourceMapOf(url);
  await mkdir(dirname(mapFile), { recursive: true });
  await writeFile(mapFile, map);
  return { format: 'module', source: code, shortCircuit: true };
}
