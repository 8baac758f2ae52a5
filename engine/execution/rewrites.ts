import type { Rewrite, RewritePath } from './plan.ts';
import { isStoreObject, type ResponsePath, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * Applies rewrites to a subgraph's data, in place. `typename` is the type of `value` when its own `__typename` is not
 * selected. An object of unknown type matches every type condition.
 */
export function applyRewrites(
  rewrites: readonly Rewrite[],
  value: unknown,
  types: TypeIndex,
  typename?: string,
): void {
  for (const rewrite of rewrites) applyAt(rewrite, rewrite.path, value, types, typename);
}

/** The value at a path below an object, without entering lists; `undefined` when a type condition does not match. */
export function valueAt(object: StoreObject, path: RewritePath, types: TypeIndex): unknown {
  let value: unknown = object;
  for (const segment of path) {
    if (!isStoreObject(value)) return value === null ? null : undefined;
    if (segment.kind === 'key') value = value[segment.name];
    else if (!passes(segment.names, value, types)) return undefined;
  }
  return value;
}

/** The keys that output rewrites rename, for the paths of errors. */
export function renamesOf(rewrites: readonly Rewrite[]): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  for (const rewrite of rewrites) {
    const last = rewrite.path.at(-1);
    if (rewrite.kind === 'rename' && last?.kind === 'key') renames.set(last.name, rewrite.to);
  }
  return renames;
}

/** Renames the keys of a path. */
export function renameSteps(
  path: ResponsePath,
  renames: ReadonlyMap<string, string>,
): ResponsePath {
  if (renames.size === 0) return path;
  return path.map((step) => (typeof step === 'string' ? (renames.get(step) ?? step) : step));
}

function applyAt(
  rewrite: Rewrite,
  path: RewritePath,
  value: unknown,
  types: TypeIndex,
  typename?: string,
): void {
  if (Array.isArray(value)) {
    for (const item of value) applyAt(rewrite, path, item, types, typename);
    return;
  }
  const [segment, ...rest] = path;
  if (!segment || !isStoreObject(value)) return;
  if (segment.kind === 'types') {
    if (passes(segment.names, value, types, typename))
      applyAt(rewrite, rest, value, types, typename);
  } else if (rest.length > 0) {
    applyAt(rewrite, rest, value[segment.name], types);
  } else if (rewrite.kind === 'set') {
    value[segment.name] = rewrite.value;
  } else if (Object.hasOwn(value, segment.name)) {
    value[rewrite.to] = value[segment.name];
    delete value[segment.name];
  }
}

function passes(
  names: readonly string[],
  object: StoreObject,
  types: TypeIndex,
  otherwise?: string,
): boolean {
  const typename = object.__typename ?? otherwise;
  return typeof typename !== 'string' || names.some((name) => types.applies(name, typename));
}
