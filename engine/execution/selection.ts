import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { nestingMax } from '../../common/parse-cost.ts';
import type { Rewrite } from './plan.ts';
import { isStoreObject } from './store.ts';

/** The response keys that a subgraph operation selects, for all types together. */
export interface SelectedKeys {
  readonly names: readonly string[];
  /** The keys selected below each name, in the order of `names`; `undefined` for a leaf. */
  readonly below: readonly (SelectedKeys | undefined)[];
  /** The index of each name. */
  readonly places: ReadonlyMap<string, number>;
}

type KeyTree = Map<string, KeyTree | undefined>;

/** The keys that the only operation in `text` selects. */
export function selectedKeys(text: string): SelectedKeys {
  const document = parse(text, { noLocation: true });
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const tree: KeyTree = new Map();
  if (operation?.kind === Kind.OPERATION_DEFINITION)
    addKeys(tree, operation.selectionSet, document);
  return fromTree(tree);
}

/** The keys one level below a key. */
export function keysUnder(keys: SelectedKeys, key: string): SelectedKeys {
  return keys.below[keys.places.get(key) ?? -1] ?? fromTree(new Map());
}

/** The keys after output rewrites have renamed some of them. */
export function renamedKeys(keys: SelectedKeys, rewrites: readonly Rewrite[]): SelectedKeys {
  if (!rewrites.some(({ kind }) => kind === 'rename')) return keys;
  const tree = toTree(keys);
  for (const rewrite of rewrites) if (rewrite.kind === 'rename') rename(tree, rewrite);
  return fromTree(tree);
}

/** Removes all keys that were not selected, in place. False for a value that is nested too deep to traverse. */
export function dropUnrequested(value: unknown, keys: SelectedKeys, depth = 0): boolean {
  if (Array.isArray(value)) {
    if (depth >= nestingMax) return false;
    for (const item of value) if (!dropUnrequested(item, keys, depth + 1)) return false;
    return true;
  }
  if (!isStoreObject(value)) return true;
  if (depth >= nestingMax) return false;
  let expected = 0;
  for (const key in value) {
    // A subgraph that answers in selection order (§6.4) costs one comparison per key.
    const place = keys.names[expected] === key ? expected : keys.places.get(key);
    if (place === undefined) {
      delete value[key];
      continue;
    }
    expected = place + 1;
    const below = keys.below[place];
    const nested = value[key];
    if (below ? !dropUnrequested(nested, below, depth + 1) : nestsTooDeep(nested, depth + 1)) {
      return false;
    }
  }
  return true;
}

/** True for a value that is nested too deep to traverse, below `depth` levels. */
export function nestsTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    depth >= nestingMax || Object.values(value).some((nested) => nestsTooDeep(nested, depth + 1))
  );
}

function fromTree(tree: KeyTree): SelectedKeys {
  const names = [...tree.keys()];
  return {
    names,
    below: [...tree.values()].map((below) => below && fromTree(below)),
    places: new Map(names.map((name, place) => [name, place])),
  };
}

function toTree({ names, below }: SelectedKeys): KeyTree {
  return new Map(
    names.map((name, place) => {
      const nested = below[place];
      return [name, nested && toTree(nested)];
    }),
  );
}

function addKeys(keys: KeyTree, { selections }: SelectionSetNode, document: DocumentNode): void {
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

function childOf(keys: KeyTree, key: string): KeyTree {
  let child = keys.get(key);
  if (!child) keys.set(key, (child = new Map()));
  return child;
}

/** Ignores type conditions: a key counts as selected when it is selected for any type. */
function rename(keys: KeyTree, { path, to }: Extract<Rewrite, { kind: 'rename' }>): void {
  const names = path.flatMap((segment) => (segment.kind === 'key' ? [segment.name] : []));
  const last = names.pop();
  let parent: KeyTree | undefined = keys;
  for (const name of names) parent = parent?.get(name);
  if (last === undefined || !parent?.has(last)) return;
  const nested = parent.get(last);
  const present = parent.get(to);
  if (nested && present) mergeTrees(present, nested);
  else parent.set(to, nested);
}

function mergeTrees(target: KeyTree, source: KeyTree): void {
  for (const [key, below] of source) {
    const present = target.get(key);
    if (present && below) mergeTrees(present, below);
    else if (!present) target.set(key, below);
  }
}
