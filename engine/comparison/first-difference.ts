import { setImmediate } from 'node:timers/promises';

/** A path into two values, with the value of each; `undefined` when one has none. */
export interface Difference {
  readonly path: readonly (string | number)[];
  readonly ours: unknown;
  readonly theirs: unknown;
}

/**
 * The first path at which two values differ as JSON. The order of object keys does not matter, that of list items does.
 * For lists of different lengths, it is the path of the lists. Yields to other work every few thousand values.
 */
export async function firstDifference(
  ours: unknown,
  theirs: unknown,
): Promise<Difference | undefined> {
  // An explicit stack: an answer may be nested deeper than the call stack allows.
  const open: Pair[] = [{ ours, theirs, key: undefined, parent: undefined }];
  let seen = 0;
  for (let pair = open.pop(); pair; pair = open.pop()) {
    seen += 1;
    if (seen % valuesAtATime === 0) await setImmediate();
    if (!openPair(pair, open)) {
      return { path: pathOf(pair), ours: pair.ours, theirs: pair.theirs };
    }
  }
  return undefined;
}

const valuesAtATime = 5000;

interface Pair {
  readonly ours: unknown;
  readonly theirs: unknown;
  readonly key: string | number | undefined;
  readonly parent: Pair | undefined;
}

/** False when two values themselves differ. Pushes their members on the stack, the first on top. */
function openPair(pair: Pair, stack: Pair[]): boolean {
  const [ours, theirs] = [asJson(pair.ours), asJson(pair.theirs)];
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length !== theirs.length) return false;
    for (let index = ours.length - 1; index >= 0; index -= 1) {
      const [our, their] = [ours[index] as unknown, theirs[index] as unknown];
      if (our !== their) stack.push({ ours: our, theirs: their, key: index, parent: pair });
    }
    return true;
  }
  if (isObject(ours) && isObject(theirs)) {
    for (const key of keysOfEither(ours, theirs).reverse()) {
      const [our, their] = [ownOf(ours, key), ownOf(theirs, key)];
      if (our !== their) stack.push({ ours: our, theirs: their, key, parent: pair });
    }
    return true;
  }
  return ours === theirs;
}

function keysOfEither(ours: JsonObject, theirs: JsonObject): string[] {
  const keys = Object.keys(ours);
  for (const key of Object.keys(theirs)) if (!Object.hasOwn(ours, key)) keys.push(key);
  return keys;
}

function pathOf(pair: Pair): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: Pair | undefined = pair; at; at = at.parent) {
    if (at.key !== undefined) path.push(at.key);
  }
  return path.reverse();
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ownOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value that `JSON.stringify` writes: data sources may return objects with `toJSON`, such as dates. */
function asJson(value: unknown): unknown {
  return isObject(value) && typeof value.toJSON === 'function'
    ? (value.toJSON as () => unknown).call(value)
    : value;
}
