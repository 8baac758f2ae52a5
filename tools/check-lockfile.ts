import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { lockfileFaults } from './lockfile/lockfile-faults.ts';

/** Fails when package-lock.json is incomplete, disagrees with package.json, or needs another Node than this one. */
const faults = lockfileFaults(JSON.parse(await readFile('package-lock.json', 'utf8')));
for (const fault of faults) console.error(fault);

// npm knows best whether it would install: nothing is fetched or written.
const rehearsal = spawnSync(
  'npm ci --dry-run --offline --ignore-scripts --engine-strict --omit=dev --loglevel=error',
  { shell: true, encoding: 'utf8', timeout: 60_000 },
);
if (rehearsal.status !== 0) console.error(rehearsal.stderr || rehearsal.stdout);

if (faults.length > 0 || rehearsal.status !== 0) process.exitCode = 1;
