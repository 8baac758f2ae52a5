import {
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  print,
  visit,
} from 'graphql';

/** Under which keys an answer is kept until it is complete, where these are not the client's. */
export interface StoreKeys {
  /** The key for a field; `undefined` when it keeps the client's. */
  of(field: FieldNode): string | undefined;
  /** The client's response key of each key that is another. */
  readonly clientKeys: ReadonlyMap<string, string>;
}

/**
 * Finds keys, unique in the operation, for response keys that must not reach a planner as they are. With
 * `keepApart`, a response key that stands for different fields, or for one with different arguments, becomes one for
 * each of them: objects whose types tell the fields apart may be of one type for a subgraph (`@interfaceObject`).
 */
export function storeKeysOf(
  nodes: readonly (OperationDefinitionNode | FragmentDefinitionNode)[],
  ownFields: ReadonlyMap<string, boolean>,
  keepApart: boolean,
): StoreKeys {
  const variants = new Map<string, Set<string>>();
  const clashing = new Set<string>();
  for (const node of nodes) {
    visit(node, {
      Field: (field) => {
        const key = keyOf(field);
        const known = variants.get(key) ?? new Set();
        variants.set(key, keepApart ? known.add(variantOf(field)) : known);
        if (isClashing(key, field, ownFields)) clashing.add(key);
      },
    });
  }
  const renamed = new Map<string, string>();
  const byVariant = new Map<string, ReadonlyMap<string, string>>();
  const clientKeys = new Map<string, string>();
  const rename = (key: string): string => {
    let replacement = `client_${key}`;
    while (variants.has(replacement) || clientKeys.has(replacement))
      replacement = `client_${replacement}`;
    clientKeys.set(replacement, key);
    return replacement;
  };
  for (const [key, { size }] of variants) {
    if (size < 2 && clashing.has(key)) renamed.set(key, rename(key));
  }
  for (const [key, texts] of variants) {
    if (texts.size > 1) byVariant.set(key, new Map([...texts].map((text) => [text, rename(key)])));
  }
  return {
    of: (field) => {
      const key = keyOf(field);
      return byVariant.get(key)?.get(variantOf(field)) ?? renamed.get(key);
    },
    clientKeys,
  };
}

function keyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function variantOf({ name, arguments: args = [] }: FieldNode): string {
  return args.length === 0 ? name.value : `${name.value}(${args.map(print).sort().join()})`;
}

/**
 * True for a member of Object.prototype, for a name that belongs to GraphQL or a planner, and for a key by which a
 * planner may fetch another field, or the same one with other arguments, to represent the entity.
 */
function isClashing(
  key: string,
  field: FieldNode,
  ownFields: ReadonlyMap<string, boolean>,
): boolean {
  const name = field.name.value;
  if (key === '__typename' && name === '__typename') return false;
  if (key in Object.prototype || key.startsWith('_')) return true;
  const isFetchedWithArguments = ownFields.get(key);
  if (isFetchedWithArguments === undefined) return false;
  return isFetchedWithArguments || name !== key || (field.arguments?.length ?? 0) > 0;
}
