import { type CacheHint, cacheControlOf } from './cache-policy.ts';
import { firstDifference } from './first-difference.ts';
import type { AnswerDifference } from './options.ts';
import { truncate, shortJson } from './short-text.ts';

/** A gateway's answer to a query, or why there is none. */
export type Outcome = Answer | { readonly failure: string };

/** The parts of a gateway's answer that are compared. */
export interface Answer {
  readonly data: unknown;
  readonly errors: readonly ReportedError[];
  readonly cacheHint: CacheHint;
}

/** An error of an answer. Messages are not compared: each gateway has its own wording. */
interface ReportedError {
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** How the outcomes of a query differ. */
export type OutcomeDifference = Pick<AnswerDifference, 'kind' | 'ours' | 'path' | 'theirs'>;

/** The differences between two outcomes, at most one of each kind. Shows values only with `showsValues`. */
export async function compareOutcomes(
  ours: Outcome,
  theirs: Outcome,
  showsValues: boolean,
): Promise<readonly OutcomeDifference[]> {
  if ('failure' in ours || 'failure' in theirs) return failuresOf(ours, theirs);
  const found = [
    await compareData(ours, theirs, showsValues),
    compareErrors(ours, theirs),
    comparePolicies(ours, theirs),
  ];
  return found.filter((difference) => difference !== undefined);
}

const shownCharacters = 200;

function failuresOf(ours: Outcome, theirs: Outcome): readonly OutcomeDifference[] {
  // The client gets the same from both: status 500.
  if ('failure' in ours && 'failure' in theirs) return [];
  return [differenceIn('failure', failureText(ours), failureText(theirs))];
}

function failureText(outcome: Outcome): string {
  return 'failure' in outcome ? outcome.failure : 'an answer';
}

async function compareData(
  ours: Answer,
  theirs: Answer,
  showsValues: boolean,
): Promise<OutcomeDifference | undefined> {
  const found = await firstDifference(ours.data, theirs.data);
  if (!found) return undefined;
  const show = (value: unknown): string =>
    showsValues ? shortJson(value, shownCharacters) : kindOf(value);
  return {
    kind: 'data',
    path: found.path,
    ours: show(found.ours),
    theirs: show(found.theirs),
  };
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Compares codes and paths; the order of errors does not matter. */
function compareErrors(ours: Answer, theirs: Answer): OutcomeDifference | undefined {
  const [our, their] = [textsOf(ours.errors), textsOf(theirs.errors)];
  const [onlyOurs, onlyTheirs] = [without(our, their), without(their, our)];
  if (onlyOurs.length === 0 && onlyTheirs.length === 0) return undefined;
  const show = (texts: readonly string[]): string => texts.join(', ') || 'none of these';
  return differenceIn('errors', show(onlyOurs), show(onlyTheirs));
}

function textsOf(errors: readonly ReportedError[]): readonly string[] {
  return errors.map(({ path, extensions }) => {
    const code = extensions?.code;
    const shownCode = typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
    return path ? `${shownCode} at ${path.join('.')}` : shownCode;
  });
}

/** The texts that occur less often in `others`. */
function without(texts: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1);
  return texts.filter((text) => {
    const count = counts.get(text) ?? 0;
    if (count > 0) counts.set(text, count - 1);
    return count === 0;
  });
}

/** A response with errors is never cached, whatever its policy. */
function comparePolicies(ours: Answer, theirs: Answer): OutcomeDifference | undefined {
  if (ours.errors.length > 0 || theirs.errors.length > 0) return undefined;
  const [our, their] = [cacheControlOf(ours.cacheHint), cacheControlOf(theirs.cacheHint)];
  return our === their ? undefined : differenceIn('cachePolicy', our, their);
}

function differenceIn(
  kind: OutcomeDifference['kind'],
  ours: string,
  theirs: string,
): OutcomeDifference {
  return {
    kind,
    path: [],
    ours: truncate(ours, shownCharacters),
    theirs: truncate(theirs, shownCharacters),
  };
}
