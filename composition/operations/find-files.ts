import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The most files that are found: a pattern that matches more is a mistake. */
const filesMax = 20_000;

/**
 * The files that a pattern matches, in the order of their paths: `*` and `?` within a name, `**` for any folders, `{a,b}`
 * for one of several. A path without any of these is that file. What is in `node_modules` or begins with a dot is matched
 * only when the pattern names it. Rejects when a folder cannot be read, or when there are over 20,000 files.
 */
export async function findFiles(pattern: string): Promise<readonly string[]> {
  const parts = pattern.split('/');
  const at = parts.findIndex((part) => /[*?{]/.test(part));
  if (at === -1) return [pattern];
  const root = parts.slice(0, at).join('/');
  const folder = root === '' && !pattern.startsWith('/') ? '.' : `${root}/`;
  const matcher = matcherOf(pattern);
  const found: string[] = [];
  for await (const path of filesIn(folder, new Set(parts))) {
    if (!matcher.test(path)) continue;
    found.push(path);
    if (found.length > filesMax) throw new Error(`${pattern} matches over ${filesMax} files`);
  }
  return found.sort();
}

async function* filesIn(
  folder: string,
  named: ReadonlySet<string>,
): AsyncGenerator<string, void, undefined> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    if ((name === 'node_modules' || name.startsWith('.')) && !named.has(name)) continue;
    const path = join(folder, name);
    if (entry.isDirectory()) yield* filesIn(path, named);
    else yield path;
  }
}

/** A pattern as an expression for whole paths, as `join` writes them. */
function matcherOf(pattern: string): RegExp {
  const plain = join(pattern);
  const source = plain.replaceAll(
    /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[\\^$.|+()[\]{}]/g,
    (token: string) => {
      switch (token) {
        case '**/':
          return '(?:[^/]+/)*';
        case '**':
          return '.*';
        case '*':
          return '[^/]*';
        case '?':
          return '[^/]';
      }
      if (!token.startsWith('{') || token.length === 1) return `\\${token}`;
      const options = token
        .slice(1, -1)
        .split(',')
        .map((option) =>
          option.replaceAll(/[\\^$.|+()[\]]/g, String.raw`\$&`).replaceAll('*', '[^/]*'),
        );
      return `(?:${options.join('|')})`;
    },
  );
  return new RegExp(`^${source}$`);
}
