import { testTitles } from './test-titles.ts';
import { threatNumbers } from './threat-numbers.ts';

/** A file of tests. */
export interface TestFile {
  readonly path: string;
  readonly source: string;
}

/** A threat with the tests that name it: their titles by the path of the file. */
export interface ThreatRow {
  readonly number: number;
  readonly name: string;
  readonly titles: ReadonlyMap<string, readonly string[]>;
}

/** Which tests name which threat, by number; a threat that no test names has no titles. */
export function threatTable(
  names: ReadonlyMap<number, string>,
  files: readonly TestFile[],
): readonly ThreatRow[] {
  const found = new Map<number, Map<string, string[]>>();
  for (const number of names.keys()) found.set(number, new Map());
  for (const { path, source } of files) {
    // To look for the word is far cheaper than to parse.
    if (!source.includes('threat')) continue;
    for (const title of new Set(testTitles(source))) {
      for (const number of threatNumbers(title)) {
        const titles = found.get(number);
        const here = titles?.get(path);
        if (here) here.push(title);
        else titles?.set(path, [title]);
      }
    }
  }
  return [...names].map(([number, name]) => ({
    number,
    name,
    titles: found.get(number) ?? new Map<string, string[]>(),
  }));
}

/** The rows of threats that no test names. */
export function unnamed(rows: readonly ThreatRow[]): readonly ThreatRow[] {
  return rows.filter(({ titles }) => titles.size === 0);
}

/** The table in Markdown: number, name, and each file with its titles. */
export function printThreatTable(rows: readonly ThreatRow[]): string {
  const lines = rows.map(({ number, name, titles }) => {
    const files = [...titles].map(([path, each]) => `\`${path}\`: ${each.join('; ')}`);
    return `| ${number} | ${cell(name)} | ${files.map(cell).join('<br>') || '**no test**'} |`;
  });
  return ['| threat | what comes | shown by |', '| ---: | --- | --- |', ...lines, ''].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ');
}
