import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import type { Rewrite } from './plan.ts';
import { isStoreObject } from './store.ts';

/** The response keys that a subgraph operation asks for, whatever the type; `undefined` stands for a leaf. */
export type SelectedKeys = ReadonlyMap<string, SelectedKeys | undefined>;

type MutableKeys = Map<string, MutableKeys | undefined>;

/** The keys that the only operation of `text` asks for. */
export function selectedKeys(text: string): SelectedKeys {
  const document = parse(text, { noLocation: true });
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const keys: MutableKeys = new Map();
  if (operation?.kind === Kind.OPERATION_DEFINITION)
    addKeys(keys, operation.selectionSet, document);
  return keys;
}

/** The keys of one level below. */
export function keysUnder(keys: SelectedKeys, key: string): SelectedKeys {
  return keys.get(key) ?? new Map<string, undefined>();
}

/** The keys after output rewrites have renamed some of them. */
export function renamedKeys(keys: SelectedKeys, rewrites: readonly Rewrite[]): SelectedKeys {
  if (!rewrites.some(({ kind }) => kind === 'rename')) return keys;
  const renamed = copy(keys);
  for (const rewrite of rewrites) if (rewrite.kind === 'rename') rename(renamed, rewrite);
  return renamed;
}

/**
 * Removes, in place, whatever was not asked for. A subgraph that answers in the order of the selection, as the
 * specification wants it, costs one comparison a key.
 */
export function dropUnasked(value: unknown, keys: SelectedKeys): void {
  if (Array.isArray(value)) {
    for (const item of value) dropUnasked(item, keys);
    return;
  }
  if (!isStoreObject(value)) return;
  for (const key in value) {
    const nested = keys.get(key);
    if (nested !== undefined) dropUnasked(value[key], nested);
    else if (!keys.has(key)) delete value[key];
  }
}

function addKeys(
  keys: MutableKeys,
  { selections }: SelectionSetNode,
  document: DocumentNode,
): void {
  for (const selection of selections) {
    switch (selection.kind) {
      case Kind.FIELD: {
        const key = selection.alias?.value ?? selection.name.value;
        if (selection.selectionSet) addKeys(childOf(keys, key), selection.selectionSet, document);
        else if (!keys.has(key)) keys.set(key, undefined);
        break;
      }
      case Kind.INLINE_FRAGMENT:
        addKeys(keys, selection.selectionSet, document);
        break;
      case Kind.FRAGMENT_SPREAD:
        for (const definition of document.definitions) {
          if (
            definition.kind === Kind.FRAGMENT_DEFINITION &&
            definition.name.value === selection.name.value
          ) {
            addKeys(keys, definition.selectionSet, document);
          }
        }
        break;
    }
  }
}

function childOf(keys: MutableKeys, key: string): MutableKeys {
  let child = keys.get(key);
  if (!child) keys.set(key, (child = new Map()));
  return child;
}

function copy(keys: SelectedKeys): MutableKeys {
  return new Map([...keys].map(([key, nested]) => [key, nested && copy(nested)]));
}

/** Type conditions are left aside: a key counts as asked for if it is so for some type. */
function rename(keys: MutableKeys, { path, to }: Extract<Rewrite, { kind: 'rename' }>): void {
  const names = path.flatMap((segment) => (segment.kind === 'key' ? [segment.name] : []));
  const last = names.pop();
  let parent: MutableKeys | undefined = keys;
  for (const name of names) parent = parent?.get(name);
  if (last === undefined || !parent?.has(last)) return;
  const nested = parent.get(last);
  const present = parent.get(to);
  if (nested && present) for (const [key, below] of nested) present.set(key, below);
  else parent.set(to, nested);
}
