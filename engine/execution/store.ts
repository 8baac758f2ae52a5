import type { PathSegment, PlanPath } from './plan.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * An object of the store, by response key, as JSON.parse made it. It has only requested keys. None of them is a member
 * of Object.prototype, because planning renames such aliases. A schema field called `constructor` may be absent and
 * then reads as a function, which no reader treats as data.
 */
export type StoreObject = Record<string, unknown>;

/** A position in the response (GraphQL spec §7.1.2). */
export type ResponsePath = readonly (string | number)[];

/** True for an object that is not a list. */
export function isStoreObject(value: unknown): value is StoreObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Appends the objects at a path to `found`, in response order; enters lists at any depth. */
export function objectsAt(
  root: unknown,
  path: PlanPath,
  types: TypeIndex,
  found: StoreObject[] = [],
): StoreObject[] {
  visit(root, path, 0, types, found);
  return found;
}

/** The objects at a path, each after its enclosing objects, outermost first. */
export function lineagesAt(root: unknown, path: PlanPath, types: TypeIndex): StoreObject[][] {
  const found: StoreObject[][] = [];
  visitWithLineage(root, path, 0, types, [], found);
  return found;
}

/** An object and its position in the response. */
export interface LocatedObject {
  readonly object: StoreObject;
  readonly position: ResponsePath;
}

/** Like `objectsAt`, with positions. Needed only for errors, so it may be slow. */
export function positionsAt(root: unknown, path: PlanPath, types: TypeIndex): LocatedObject[] {
  const found: LocatedObject[] = [];
  visitWithPosition(root, path, 0, types, [], found);
  return found;
}

/** The keys of a path with `@` for lists, the format of GraphQL data sources. */
export function keysOf(path: PlanPath): readonly string[] {
  return path.flatMap((segment) => {
    if (segment.kind === 'key') return [segment.name];
    return segment.kind === 'list' ? ['@'] : [];
  });
}

function visit(
  value: unknown,
  path: PlanPath,
  at: number,
  types: TypeIndex,
  found: StoreObject[],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) visit(item, path, at, types, found);
    return;
  }
  const object = value as StoreObject;
  const segment = path[at];
  if (segment === undefined) found.push(object);
  else if (segment.kind === 'key') visit(object[segment.name], path, at + 1, types, found);
  else if (admits(segment, object, types)) visit(object, path, at + 1, types, found);
}

function visitWithLineage(
  value: unknown,
  path: PlanPath,
  at: number,
  types: TypeIndex,
  around: readonly StoreObject[],
  found: StoreObject[][],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) visitWithLineage(item, path, at, types, around, found);
    return;
  }
  const object = value as StoreObject;
  const segment = path[at];
  if (segment === undefined) found.push([...around, object]);
  else if (segment.kind === 'key') {
    visitWithLineage(object[segment.name], path, at + 1, types, [...around, object], found);
  } else if (admits(segment, object, types)) {
    visitWithLineage(object, path, at + 1, types, around, found);
  }
}

function visitWithPosition(
  value: unknown,
  path: PlanPath,
  at: number,
  types: TypeIndex,
  position: ResponsePath,
  found: LocatedObject[],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) =>
      visitWithPosition(item, path, at, types, [...position, index], found),
    );
    return;
  }
  const object = value as StoreObject;
  const segment = path[at];
  if (segment === undefined) found.push({ object, position });
  else if (segment.kind === 'key') {
    visitWithPosition(
      object[segment.name],
      path,
      at + 1,
      types,
      [...position, segment.name],
      found,
    );
  } else if (admits(segment, object, types)) {
    visitWithPosition(object, path, at + 1, types, position, found);
  }
}

/**
 * A list segment matches everything, because lists are entered anyway. A type condition also matches an object of
 * unknown type: its `__typename` was not selected, as on a root type, or the subgraph knows only an interface
 * (`@interfaceObject`).
 */
function admits(
  segment: Exclude<PathSegment, { kind: 'key' }>,
  object: StoreObject,
  types: TypeIndex,
): boolean {
  if (segment.kind === 'list') return true;
  const typename = object.__typename;
  return (
    typeof typename !== 'string' ||
    segment.names.some((name) => types.applies(name, typename)) ||
    !types.isObject(typename)
  );
}

/** The shortest prefix of a path at which the data is null; the whole path when there is none. */
export function nullAbove(data: StoreObject | null, path: ResponsePath): ResponsePath {
  let value: unknown = data;
  for (const [length, step] of path.entries()) {
    if (value === null || typeof value !== 'object') return path.slice(0, length);
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return path;
}
