import type { SelectedKeys } from './selection.ts';
import { isStoreObject, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * Merges a subgraph's data into an object of the store: objects by key, and lists of equal length item by item. Null
 * never replaces a value. An object never merges with an object of another type. An interface name (from
 * `@interfaceObject`) never replaces the name of an object type. Returns what did not match the data that is already
 * there, if anything; the rest is merged anyway.
 */
export function mergeInto(
  target: StoreObject,
  source: StoreObject,
  keys: SelectedKeys,
  types: TypeIndex,
): string | undefined {
  const { names, below } = keys;
  let mismatch: string | undefined;
  let place = -1;
  for (const key of names) {
    place += 1;
    const value = source[key];
    if (value === undefined || typeof value === 'function') continue;
    const present = target[key];
    if (present === undefined || present === null || typeof present === 'function') {
      target[key] = value;
    } else if (value !== null) {
      const nested = below[place];
      if (nested) mismatch = mergeValues(target, key, present, value, nested, types) ?? mismatch;
      else if (key !== '__typename' || isBetterTypename(present, value, types)) target[key] = value;
    }
  }
  return mismatch;
}

/** True when data whose `__typename` is `received` may belong to an object whose `__typename` is `known`. */
export function isSameType(known: unknown, received: unknown, types: TypeIndex): boolean {
  if (received === undefined || known === undefined || known === received) return true;
  if (typeof known !== 'string' || typeof received !== 'string') return false;
  return types.applies(known, received) || types.applies(received, known);
}

/** An object's `__typename`, for a message. */
export function printTypename(typename: unknown): string {
  return typeof typename === 'string' ? typename.slice(0, 100) : describe(typename);
}

function mergeValues(
  parent: StoreObject,
  key: string,
  present: unknown,
  value: unknown,
  keys: SelectedKeys,
  types: TypeIndex,
): string | undefined {
  if (Array.isArray(present) && Array.isArray(value)) {
    return mergeLists(key, present, value, keys, types);
  }
  if (isStoreObject(present) && isStoreObject(value)) {
    return mergeObjects(key, present, value, keys, types);
  }
  if (isStoreObject(present) || Array.isArray(present)) {
    return `answered "${key}" with ${describe(value)}, but it is already ${describe(present)}.`;
  }
  // A value that is not an object was there before. If this one is not either, completion reports it.
  parent[key] = value;
  return undefined;
}

function mergeLists(
  key: string,
  present: unknown[],
  value: readonly unknown[],
  keys: SelectedKeys,
  types: TypeIndex,
): string | undefined {
  if (present.length !== value.length) {
    return `answered "${key}" with ${value.length} items, but it already has ${present.length}.`;
  }
  let mismatch: string | undefined;
  for (const [index, item] of value.entries()) {
    const known = present[index];
    if (known === null || known === undefined) present[index] = item;
    else if (Array.isArray(known) && Array.isArray(item)) {
      mismatch = mergeLists(key, known, item, keys, types) ?? mismatch;
    } else if (isStoreObject(known) && isStoreObject(item)) {
      mismatch = mergeObjects(key, known, item, keys, types) ?? mismatch;
    }
  }
  return mismatch;
}

function mergeObjects(
  key: string,
  present: StoreObject,
  value: StoreObject,
  keys: SelectedKeys,
  types: TypeIndex,
): string | undefined {
  if (present === value) return undefined;
  const before = present.__typename;
  const now = value.__typename;
  if (isSameType(before, now, types)) return mergeInto(present, value, keys, types);
  return `answered "${key}" with an object of type ${printTypename(now)}, but it is already a ${printTypename(before)}.`;
}

function isBetterTypename(present: unknown, value: unknown, types: TypeIndex): boolean {
  return typeof value === 'string' && (types.isObject(value) || typeof present !== 'string');
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isStoreObject(value) ? 'an object' : `a ${typeof value}`;
}
