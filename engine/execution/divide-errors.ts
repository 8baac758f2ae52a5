import type { ObjectPlace, StartedPart } from './object-place.ts';
import type { LocatedError } from './problems.ts';
import type { ObjectShape, ValueShape } from './shape.ts';
import { isStoreObject, type ResponsePath } from './store.ts';

/** The errors of an object's own part, and those that are for a part deferred in it. */
export interface DividedErrors {
  readonly own: readonly LocatedError[];
  readonly later: ReadonlyMap<StartedPart, readonly LocatedError[]>;
}

/**
 * Divides the errors of fetches. A fetch may bring what only a deferred part delivers, and an error of it belongs to that
 * part. An error of anything that the object's own part selects, or that no part selects, stays with the own part.
 */
export function divideErrors(
  errors: readonly LocatedError[],
  place: ObjectPlace,
  started: readonly StartedPart[],
): DividedErrors {
  const partsAt = byPosition(started);
  const own: LocatedError[] = [];
  const later = new Map<StartedPart, LocatedError[]>();
  for (const located of errors) {
    const position = located.origin?.position;
    const part =
      position && !selects(place, position)
        ? partsAbove(position, partsAt).find((each) => selects(each, position))
        : undefined;
    if (!part) {
      own.push(located);
      continue;
    }
    const known = later.get(part);
    if (known) known.push(located);
    else later.set(part, [located]);
  }
  return { own, later };
}

/** The errors of each part: those at or below its object. All others are the first part's. */
export function errorsOfParts(
  errors: readonly LocatedError[],
  started: readonly StartedPart[],
): ReadonlyMap<StartedPart, readonly LocatedError[]> {
  const partsAt = byPosition(started);
  const found = new Map<StartedPart, LocatedError[]>();
  for (const located of errors) {
    const position = located.origin?.position;
    const [part = started[0]] = position ? partsAbove(position, partsAt) : [];
    if (!part) continue;
    const known = found.get(part);
    if (known) known.push(located);
    else found.set(part, [located]);
  }
  return found;
}

type PartsByPosition = ReadonlyMap<string, readonly StartedPart[]>;

function byPosition(started: readonly StartedPart[]): PartsByPosition {
  const found = new Map<string, StartedPart[]>();
  for (const part of started) {
    const key = JSON.stringify(part.position);
    const known = found.get(key);
    if (known) known.push(part);
    else found.set(key, [part]);
  }
  return found;
}

/** The parts at the objects on the way to a position, innermost first. */
function partsAbove(position: ResponsePath, parts: PartsByPosition): readonly StartedPart[] {
  let found: readonly StartedPart[] = [];
  for (let length = position.length; length >= 0; length -= 1) {
    const here = parts.get(JSON.stringify(position.slice(0, length)));
    if (here) found = found.concat(here);
  }
  return found;
}

/** True when the shape has the position, which is below the place. */
function selects({ shape, source, position }: ObjectPlace, of: ResponsePath): boolean {
  let inner: ValueShape = shape;
  let value: unknown = source;
  for (const step of of.slice(position.length)) {
    if (inner.kind === 'list') {
      inner = inner.item;
      value = Array.isArray(value) && typeof step === 'number' ? value[step] : undefined;
      continue;
    }
    const object: ObjectShape | undefined = objectShape(inner, value);
    // The position is inside a value, or the type of the object is not known.
    if (!object) return true;
    const field = object.fields.find(({ from }) => from === step);
    if (!field) return false;
    inner = field.value;
    value = isStoreObject(value) ? value[field.from] : undefined;
  }
  return true;
}

function objectShape(shape: ValueShape, value: unknown): ObjectShape | undefined {
  if (shape.kind === 'object') return shape;
  if (shape.kind !== 'abstract') return undefined;
  const typename = isStoreObject(value) ? value.__typename : undefined;
  const concrete = typeof typename === 'string' ? shape.forType(typename) : undefined;
  return concrete ?? shape.forUnknownType();
}
