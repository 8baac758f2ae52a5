import { printable, printableLine } from './printable.ts';

/** Where in a file something is wrong; lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The subgraph whose schema this is. */
  readonly subgraph?: string | undefined;
  /** The line as it is in the file. */
  readonly lineText?: string | undefined;
}

/** One thing that keeps the subgraphs from composing. */
export interface CompositionProblem {
  /** What kind of problem: a code of Apollo Federation, or one of ours for the files around the schemas. */
  readonly code: string;
  readonly message: string;
  /** Where it stands, the first place first; empty when it is a matter of the whole. */
  readonly places: readonly SourcePlace[];
  /** What to change. */
  readonly fix: string;
}

/**
 * A problem for a person at a terminal: `file:line:column: code [subgraph]`, the message, the line with a caret, further
 * places and the fix, each on lines of their own, without colour and without a newline at the end.
 */
export function formatProblem({ code, message, places, fix }: CompositionProblem): string {
  const [first, ...others] = places;
  const title = first?.subgraph === undefined ? code : `${code} [${first.subgraph}]`;
  return [
    first ? `${formatPlace(first)}: ${title}` : title,
    ...printable(message)
      .split('\n')
      .map((line) => `  ${line}`),
    ...(first ? formatExcerpt(first) : []),
    ...others.flatMap((place) => [`  also: ${formatPlace(place)}`, ...formatExcerpt(place)]),
    `  fix: ${printable(fix)}`,
  ].join('\n');
}

/** `file`, `file:line` or `file:line:column`, as editors and terminals make links of it. */
export function formatPlace({ file, line, column }: SourcePlace): string {
  return [printableLine(file), line, column].filter((part) => part !== undefined).join(':');
}

const shownMax = 100;

/** The line of a place with its number, and a caret below its column; nothing for a place without a line. */
export function formatExcerpt({ line, column, lineText }: SourcePlace): readonly string[] {
  if (line === undefined || lineText === undefined) return [];
  const at = (column ?? 1) - 1;
  // A schema of a single line would fill the terminal.
  const start = at >= shownMax ? at - shownMax / 2 : 0;
  const shown = printableLine(lineText.slice(start, start + shownMax));
  const number = String(line);
  const gutter = ' '.repeat(number.length);
  return [`  ${number} | ${shown}`, `  ${gutter} | ${' '.repeat(at - start)}^`];
}
