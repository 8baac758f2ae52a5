import { type FieldNode, print } from 'graphql';
import type { IndexedType } from './indexed-type.ts';
import { argumentsText } from './literals.ts';
import type { StoreKeys } from './planner.ts';
import type { SupergraphIndex } from './supergraph-index.ts';

/**
 * The store keys of one operation, under which data is fetched and stored. A field keeps the client's response key,
 * unless that is ambiguous. Keys that begin with `_` belong to the plan.
 */
export class PlannedKeys implements StoreKeys {
  /** The client's response keys, by the keys that differ from them. */
  readonly clientKeys: ReadonlyMap<string, string>;
  private readonly renamed = new Map<string, string>();
  private readonly client = new Map<string, Map<string, string>>();
  private readonly ownKeys = new Map<string, string>();
  private readonly taken = new Set<string>();
  private readonly index: SupergraphIndex;
  private count = 0;

  constructor(index: SupergraphIndex) {
    this.index = index;
    this.clientKeys = this.renamed;
  }

  /**
   * The key for a field that the client selects on a type. One response key may mean different fields on types that
   * exclude each other (GraphQL spec §5.3.2); each of these gets its own key.
   */
  clientKey(type: IndexedType, node: FieldNode): string {
    const key = (node.alias ?? node.name).value;
    if (key === '__typename' && node.name.value === key) return key;
    const variant = `${node.name.value}${argumentsText(node)}:${type.signature(node.name.value)}`;
    let variants = this.client.get(key);
    if (!variants) this.client.set(key, (variants = new Map<string, string>()));
    const known = variants.get(variant);
    if (known !== undefined) return known;
    const isFree = variants.size === 0 && !key.startsWith('_') && !(key in Object.prototype);
    const own = isFree ? key : `_${(this.count += 1)}_${key}`;
    if (own !== key) this.renamed.set(own, key);
    variants.set(variant, own);
    return own;
  }

  /** The key for a field that the plan itself needs; depends on the selection below it, too. */
  ownKey(type: IndexedType, node: FieldNode): string {
    const name = node.name.value;
    const below = node.selectionSet ? print(node.selectionSet) : '';
    const variant = `${name}${argumentsText(node)}${below}:${type.signature(name)}`;
    let known = this.ownKeys.get(variant);
    if (known !== undefined) return known;
    known =
      name.startsWith('_') || this.taken.has(name) ? `_${(this.count += 1)}_${name}` : `_${name}`;
    this.taken.add(name);
    this.ownKeys.set(variant, known);
    return known;
  }

  /** Like `clientKey`, by the type's name; for an abstract type, when all its types have the same key. */
  of(typename: string, node: FieldNode): string {
    const type = this.index.type(this.index.type(typename)?.possibleTypes[0] ?? typename);
    return type ? this.clientKey(type, node) : (node.alias ?? node.name).value;
  }
}
