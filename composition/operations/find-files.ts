import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';

/** More files are not looked at. */
const filesMax = 100_000;

/**
 * The files that a pattern names, in order: `*` and `?` within a name, `**` over folders, `{a,b}` either. A pattern
 * without these is the path of a file. `node_modules` and names that begin with a dot count only where the pattern names them.
 * Links to folders are not followed. Throws when there are too many files.
 */
export async function findFiles(pattern: string): Promise<readonly string[]> {
  const whole = resolve(pattern);
  const parts = whole.split(sep);
  const first = parts.findIndex((part) => /[*?{]/.test(part));
  if (first < 0) return [whole];
  const root = parts.slice(0, first).join(sep) || sep;
  const expected = new RegExp(`^${parts.slice(first).map(sourceOf).join('')}$`);
  const named = new Set(parts);
  const found: string[] = [];
  let seen = 0;
  const waiting = [''];
  // The list grows while it is read.
  for (const folder of waiting) {
    for (const entry of await entriesOf(join(root, folder))) {
      const { name } = entry;
      if ((name === 'node_modules' || name.startsWith('.')) && !named.has(name)) continue;
      const path = `${folder}/${name}`;
      seen += 1;
      if (seen > filesMax) throw new Error(`there are over ${filesMax} files below ${root}`);
      if (entry.isDirectory()) waiting.push(path);
      else if (expected.test(path)) found.push(join(root, path));
    }
  }
  return found.sort();
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The regular expression of a part of a pattern, with the slash before it. */
function sourceOf(part: string): string {
  if (part === '**') return String.raw`(?:/[^/]+)*`;
  const source = part.replace(/[*?{},.+^$()|[\]\\]/g, (sign) => {
    switch (sign) {
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        return '(?:';
      case '}':
        return ')';
      case ',':
        return '|';
      default:
        return `\\${sign}`;
    }
  });
  return `/${source}`;
}
