import { printable, printableLine } from './printable.ts';

/** A place in a file; lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The subgraph whose schema this is. */
  readonly subgraph?: string | undefined;
  /** The line as it is in the file. */
  readonly lineText?: string | undefined;
}

/** A reason why the subgraphs do not compose. */
export interface CompositionProblem {
  /** A code of Apollo Federation, or one of ours for problems of files. */
  readonly code: string;
  readonly message: string;
  /** The places, the most important first; empty for a problem of the whole supergraph. */
  readonly places: readonly SourcePlace[];
  /** The fix. */
  readonly fix: string;
}

/**
 * A problem for a terminal: `file:line:column: code [subgraph]`, the message, the line with a caret, further
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

/** `file`, `file:line` or `file:line:column`, which editors and terminals turn into links. */
export function formatPlace({ file, line, column }: SourcePlace): string {
  return [printableLine(file), line, column].filter((part) => part !== undefined).join(':');
}

const shownMax = 100;

/** The line of a place with its number, and a caret below its column; empty for a place without a line. */
export function formatExcerpt({ line, column, lineText }: SourcePlace): readonly string[] {
  if (line === undefined || lineText === undefined) return [];
  const at = (column ?? 1) - 1;
  // A schema written on one line would fill the terminal.
  const start = at >= shownMax ? at - shownMax / 2 : 0;
  const shown = printableLine(lineText.slice(start, start + shownMax));
  const number = String(line);
  const gutter = ' '.repeat(number.length);
  return [`  ${number} | ${shown}`, `  ${gutter} | ${' '.repeat(at - start)}^`];
}
