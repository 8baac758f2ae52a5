import { threatNumbers } from './threat-numbers.ts';

/** The titles of tests by the path of their file; each follows those of its groups. */
export type TestTitles = Readonly<Record<string, readonly (readonly string[])[]>>;

/** A threat with the tests that name it: their titles by the path of the file. */
export interface ThreatRow {
  readonly number: number;
  readonly name: string;
  readonly titles: ReadonlyMap<string, readonly string[]>;
}

/** How many titles of one file are printed; tests with a table have one for each row. */
const printedMax = 5;

/** Which tests name which threat, by number; a threat that no test names has no titles. */
export function threatTable(
  names: ReadonlyMap<number, string>,
  tests: TestTitles,
): readonly ThreatRow[] {
  const found = new Map<number, Map<string, Set<string>>>();
  for (const number of names.keys()) found.set(number, new Map());
  for (const [path, titles] of Object.entries(tests)) {
    for (const title of titles.flat()) {
      for (const number of threatNumbers(title)) {
        const threat = found.get(number);
        threat?.set(path, (threat.get(path) ?? new Set()).add(title));
      }
    }
  }
  return [...names].map(([number, name]) => {
    const files = [...(found.get(number) ?? [])].sort(([left], [right]) => (left < right ? -1 : 1));
    return { number, name, titles: new Map(files.map(([path, each]) => [path, [...each]])) };
  });
}

/** The rows of threats that no test names. */
export function unnamed(rows: readonly ThreatRow[]): readonly ThreatRow[] {
  return rows.filter(({ titles }) => titles.size === 0);
}

/** The table in Markdown: number, name, and each file with its titles. */
export function printThreatTable(rows: readonly ThreatRow[]): string {
  const lines = rows.map(({ number, name, titles }) => {
    const files = [...titles].map(([path, each]) => `\`${path}\`: ${someOf(each)}`);
    return `| ${number} | ${cell(name)} | ${files.map(cell).join('<br>') || '**no test**'} |`;
  });
  return ['| threat | what comes | shown by |', '| ---: | --- | --- |', ...lines, ''].join('\n');
}

function someOf(titles: readonly string[]): string {
  const more = titles.length - printedMax;
  return [...titles.slice(0, printedMax), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ');
}
