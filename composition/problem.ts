/** Where in a file something is wrong; lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
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
 * A problem for a person at a terminal: `file:line:column: code`, the message, further places and the fix, each on
 * lines of their own, without colour and without a newline at the end.
 */
export function formatProblem({ code, message, places, fix }: CompositionProblem): string {
  const [first, ...others] = places;
  return [
    first ? `${formatPlace(first)}: ${code}` : code,
    ...message.split('\n').map((line) => `  ${line}`),
    ...others.map((place) => `  also: ${formatPlace(place)}`),
    `  fix: ${fix}`,
  ].join('\n');
}

/** `file`, `file:line` or `file:line:column`, as editors and terminals make links of it. */
export function formatPlace({ file, line, column }: SourcePlace): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}
