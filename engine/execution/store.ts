import type { PathSegment, PlanPath } from './plan.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * An object of the store, by response key, as JSON.parse made it. Nothing but asked-for keys is in it, and none of
 * them is a member of Object.prototype: the door that normalizes operations renames such aliases. A schema field
 * called `constructor` may still be absent here, and then reads as a function, which no reader takes for data.
 */
export type StoreObject = Record<string, unknown>;

/** A position in the response (GraphQL spec §7.1.2). */
export type ResponsePath = readonly (string | number)[];

/** True for an object that is no list. */
export function isStoreObject(value: unknown): value is StoreObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The objects at a path, in the order of the response, behind those `found` before; lists are entered whatever their
 * depth.
 */
export function objectsAt(
  root: unknown,
  path: PlanPath,
  types: TypeIndex,
  found: StoreObject[] = [],
): StoreObject[] {
  visit(root, path, 0, types, found);
  return found;
}

/** The objects at a path with the objects around them, outermost first, the object itself last. */
export function lineagesAt(root: unknown, path: PlanPath, types: TypeIndex): StoreObject[][] {
  const found: StoreObject[][] = [];
  visitWithLineage(root, path, 0, types, [], found);
  return found;
}

/** An object and where it stands in the response. */
export interface Placed {
  readonly object: StoreObject;
  readonly position: ResponsePath;
}

/** The objects that `objectsAt` finds, with their positions. Needed for errors only, so it may be slow. */
export function positionsAt(root: unknown, path: PlanPath, types: TypeIndex): Placed[] {
  const found: Placed[] = [];
  visitWithPosition(root, path, 0, types, [], found);
  return found;
}

/** The keys of a path with `@` for lists, as GraphQL data sources know it. */
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
  found: Placed[],
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
 * Lists are entered by themselves, so a list segment lets everything through. So does a type condition where the type
 * is not known: none was asked for, as of a root, or the subgraph knows no more than an interface (`@interfaceObject`).
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

/** The shortest beginning of a path at which the data is null; the path itself when there is none. */
export function nullAbove(data: StoreObject | null, path: ResponsePath): ResponsePath {
  let value: unknown = data;
  for (const [length, step] of path.entries()) {
    if (value === null || typeof value !== 'object') return path.slice(0, length);
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return path;
}
