import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** A document of docs/ that has a table which a benchmark writes. */
export interface TableInDocument {
  readonly document: URL;
  /** The name of the benchmark, as in `npm run bench -- planner`. */
  readonly bench: string;
  /** What stands above the table where the document has none yet. */
  readonly heading: string;
}

/** Replaces the table in its document, between two comments; adds it at the end where it is missing. */
export function writeTable({ document, bench, heading }: TableInDocument, table: string): void {
  const [begin, end] = [`<!-- npm run bench -- ${bench} -->`, '<!-- end of the table -->'];
  const text = existsSync(document) ? readFileSync(document, 'utf8') : '';
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  const section = `${begin}\n<!-- prettier-ignore-start -->\n\n${table}\n\n<!-- prettier-ignore-end -->\n${end}`;
  const written =
    from < 0 || to < from
      ? `${text.trimEnd()}\n\n## ${heading}\n\n${section}\n`
      : text.slice(0, from) + section + text.slice(to + end.length);
  writeFileSync(document, written);
}
