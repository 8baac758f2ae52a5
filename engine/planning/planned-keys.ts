import { type FieldNode, print } from 'graphql';
import type { IndexedType } from './indexed-type.ts';
import { argumentsText } from './literals.ts';
import type { StoreKeys } from './planner.ts';
import type { SupergraphIndex } from './supergraph-index.ts';

/**
 * The keys of one operation: under which an answer is kept in the store, and asked of subgraphs. A field keeps the
 * client's response key, unless that could be taken for something else. All that begins with `_` belongs to the plan.
 */
export class PlannedKeys implements StoreKeys {
  /** The client's response key of each key that is another. */
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
   * The key for a field the client selects of a type. One response key stands for different fields where types exclude
   * each other (GraphQL spec §5.3.2); here each has a key of its own.
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

  /** The key for a field that the plan needs itself; by what is selected below it, too. */
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

  /** As `clientKey`, by the name of the type; of an abstract one, where all its types have the same. */
  of(typename: string, node: FieldNode): string {
    const type = this.index.type(this.index.type(typename)?.possibleTypes[0] ?? typename);
    return type ? this.clientKey(type, node) : (node.alias ?? node.name).value;
  }
}
