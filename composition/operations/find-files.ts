import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';

/** The most files searched. */
const filesMax = 100_000;

/**
 * The files matched by a pattern, sorted: `*` and `?` within a name, `**` across folders, `{a,b}` alternatives. A pattern
 * without these is a file path. `node_modules` and names that start with a dot match only if the pattern names them.
 * Symbolic links to folders are not followed. Throws when there are too many files.
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
  // The loop also visits folders added below.
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

/** The regular expression for one segment of a pattern, including the slash before it. */
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
