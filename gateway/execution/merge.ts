import type { SelectedKeys } from './selection.ts';
import { isStoreObject, type StoreObject } from './store.ts';
import type { TypeIndex } from './type-index.ts';

/** Tells of data that could not be merged because it does not fit what is already there. */
export type OnMismatch = (message: string) => void;

/**
 * Merges a subgraph's answer into an object of the store: objects by key, lists item by item when they have the same
 * length. Null never replaces a value, an object never takes in the data of an object of another type, and the name
 * of an interface (`@interfaceObject`) never replaces the name of an object type.
 */
export function mergeInto(
  target: StoreObject,
  source: StoreObject,
  keys: SelectedKeys,
  types: TypeIndex,
  onMismatch: OnMismatch,
): void {
  for (const [key, nested] of keys) {
    const value = source[key];
    if (value === undefined || typeof value === 'function') continue;
    const present = target[key];
    if (present === undefined || present === null || typeof present === 'function')
      target[key] = value;
    else if (value === null) continue;
    else if (nested !== undefined)
      mergeValues(target, key, present, value, nested, types, onMismatch);
    else if (key !== '__typename' || isBetterTypename(present, value, types)) target[key] = value;
  }
}

/** True when an answer that calls itself `received` may be data of an object that calls itself `known`. */
export function isSameType(known: unknown, received: unknown, types: TypeIndex): boolean {
  if (received === undefined || known === undefined || known === received) return true;
  if (typeof known !== 'string' || typeof received !== 'string') return false;
  return types.applies(known, received) || types.applies(received, known);
}

function mergeValues(
  parent: StoreObject,
  key: string,
  present: unknown,
  value: unknown,
  keys: SelectedKeys,
  types: TypeIndex,
  onMismatch: OnMismatch,
): void {
  if (Array.isArray(present) && Array.isArray(value)) {
    mergeLists(key, present, value, keys, types, onMismatch);
  } else if (isStoreObject(present) && isStoreObject(value)) {
    mergeObjects(key, present, value, keys, types, onMismatch);
  } else if (!isStoreObject(present) && !Array.isArray(present)) {
    // What was there is no object at all: the shape of the answer will say so if this is none either.
    parent[key] = value;
  } else {
    onMismatch(`Expected "${key}" to be ${describe(present)}, as before; got ${describe(value)}.`);
  }
}

function mergeLists(
  key: string,
  present: unknown[],
  value: readonly unknown[],
  keys: SelectedKeys,
  types: TypeIndex,
  onMismatch: OnMismatch,
): void {
  if (present.length !== value.length) {
    onMismatch(
      `Expected "${key}" to have ${present.length} items, as before; got ${value.length}.`,
    );
    return;
  }
  for (const [index, item] of value.entries()) {
    const known = present[index];
    if (known === null || known === undefined) present[index] = item;
    else if (Array.isArray(known) && Array.isArray(item)) {
      mergeLists(key, known, item, keys, types, onMismatch);
    } else if (isStoreObject(known) && isStoreObject(item)) {
      mergeObjects(key, known, item, keys, types, onMismatch);
    }
  }
}

function mergeObjects(
  key: string,
  present: StoreObject,
  value: StoreObject,
  keys: SelectedKeys,
  types: TypeIndex,
  onMismatch: OnMismatch,
): void {
  if (present === value) return;
  if (isSameType(present['__typename'], value['__typename'], types)) {
    mergeInto(present, value, keys, types, onMismatch);
  } else {
    onMismatch(
      `Expected "${key}" to be of type ${String(present['__typename'])}, as before; got ${String(value['__typename'])}.`,
    );
  }
}

function isBetterTypename(present: unknown, value: unknown, types: TypeIndex): boolean {
  return typeof value === 'string' && (types.isObject(value) || typeof present !== 'string');
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isStoreObject(value) ? 'an object' : `a ${typeof value}`;
}
