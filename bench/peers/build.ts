import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PeerNotStarted } from './peer.ts';

/** The folder of the project. */
export const root = new URL('../../', import.meta.url).pathname;

const compiled = 'dist/gateway/main.js';

/** Compiles a checkout of the project to its `dist/`, as the container image has it, when that is older than its sources. */
export function ensureBuilt(folder: string): void {
  const at = (path: string): string => join(folder, path);
  if (existsSync(at(compiled)) && changedAt(at(compiled)) >= newestSourceAt(folder)) return;
  const { status } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), 'tools/build.ts'],
    { cwd: folder, stdio: ['ignore', 2, 2], timeout: 120_000 },
  );
  if (status !== 0) throw new PeerNotStarted('npm run build failed');
}

function newestSourceAt(folder: string): number {
  // A checkout of before may have other folders.
  const parts = ['gateway', 'engine', 'storefront', 'subgraphs', 'events', 'common'].filter(
    (part) => existsSync(join(folder, part)),
  );
  const files = parts.flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, part, name)),
  );
  return Math.max(...files.map(changedAt));
}

function changedAt(path: string): number {
  return statSync(path).mtimeMs;
}
