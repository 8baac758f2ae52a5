import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { PeerNotStarted } from './peer.ts';

/** The folder of the project. */
export const root = new URL('../../', import.meta.url).pathname;

const compiled = 'dist/gateway/main.js';

/** Compiles the project to `dist/`, as the container image has it, when that is older than its sources. */
export function ensureBuilt(): void {
  if (existsSync(`${root}${compiled}`) && changedAt(compiled) >= newestSourceAt()) return;
  const { status } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), 'tools/build.ts'],
    { cwd: root, stdio: ['ignore', 2, 2], timeout: 120_000 },
  );
  if (status !== 0) throw new PeerNotStarted('npm run build failed');
}

function newestSourceAt(): number {
  const files = ['gateway', 'common'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name}`),
  );
  return Math.max(...files.map(changedAt));
}

function changedAt(path: string): number {
  return statSync(`${root}${path}`).mtimeMs;
}
