import { isDeepStrictEqual } from 'node:util';

type Path = readonly (string | number)[];

/** An answer of which parts may have failed, beside what it would be had nothing failed. */
export interface FailedAnswer {
  readonly expected: unknown;
  readonly actual: unknown;
  /** The paths of its errors; an error without a path concerns all of the answer. */
  readonly errorPaths: readonly (Path | undefined)[];
  /**
   * Response keys of fields that are worked out from other fields of the same object, as with `@requires`: an error
   * at any part of that object explains why they are null.
   */
  readonly dependentKeys?: ReadonlySet<string>;
  /** The same for fields that are worked out from objects around, as with `@fromContext`. */
  readonly contextKeys?: ReadonlySet<string>;
}

/**
 * Says what is wrong with an answer after failures; `undefined` when nothing is. What is there must be as expected,
 * and whatever is null without being expected to be needs an error that explains it: at the place itself, above it,
 * below it (where null has propagated, GraphQL spec §6.4.4), or at a field the client did not select, of an object above it.
 */
export function unexplainedIn(answer: FailedAnswer): string | undefined {
  return compare(answer.expected, answer.actual, [], answer);
}

function compare(
  expected: unknown,
  actual: unknown,
  place: Path,
  answer: FailedAnswer,
): string | undefined {
  if (actual === null && expected !== null)
    return isExplained(place, answer) ? undefined : `null without an error at ${textOf(place)}`;
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length)
    return first(actual, (item, index) =>
      compare(expected[index], item, [...place, index], answer),
    );
  if (isObject(expected) && isObject(actual)) {
    const keys = Object.keys(expected);
    if (!isDeepStrictEqual(keys, Object.keys(actual))) return `other fields at ${textOf(place)}`;
    return first(keys, (key) => compare(expected[key], actual[key], [...place, key], answer));
  }
  return isDeepStrictEqual(expected, actual) ? undefined : `another value at ${textOf(place)}`;
}

function isExplained(
  place: Path,
  { actual, errorPaths, dependentKeys, contextKeys }: FailedAnswer,
): boolean {
  const key = place.findLast((step) => typeof step === 'string');
  const object = place.slice(0, place.lastIndexOf(key ?? ''));
  const isDependent = key !== undefined && dependentKeys?.has(key) === true && object.length > 0;
  return errorPaths.some(
    (path) =>
      path === undefined ||
      startsWith(path, place) ||
      startsWith(place, selectedPart(path, actual)) ||
      (isDependent && startsWith(path, object)) ||
      (key !== undefined && contextKeys?.has(key) === true && path[0] === place[0]),
  );
}

/** The path as far as the client selected it. */
function selectedPart(path: Path, data: unknown): Path {
  let value = data;
  for (const [index, step] of path.entries()) {
    if (value === null) return path;
    if (!isObject(value) && !Array.isArray(value)) return path.slice(0, index);
    if (!Object.hasOwn(value, step)) return path.slice(0, index);
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return path;
}

function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((step, index) => path[index] === step);
}

function first<T>(
  items: readonly T[],
  find: (item: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(path: Path): string {
  return path.length === 0 ? 'the root' : path.join('.');
}
