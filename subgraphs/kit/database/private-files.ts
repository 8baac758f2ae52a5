import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Creates a directory that only its owner can enter, or restricts an existing one. */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  restrict(path, 0o700);
}

/** Restricts everything in a directory to its owner: 0700 for directories, 0600 for files. */
export function makeContentPrivate(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) restrict(join(entry.parentPath, entry.name), 0o700);
    else if (entry.isFile()) restrict(join(entry.parentPath, entry.name), 0o600);
  }
}

/** Most are already restricted, and checking is cheaper than writing. */
function restrict(path: string, mode: number): void {
  if ((lstatSync(path).mode & 0o777) !== mode) chmodSync(path, mode);
}
