import type { ResponsePath } from './store.ts';

/**
 * The shape of an answer: what the client's operation selects on the API schema, worked out once per operation
 * (GraphQL spec §6.3.2 for the fields and their order). `complete.ts` fills it from the store.
 */
export interface ObjectShape {
  readonly kind: 'object';
  readonly nonNull: boolean;
  /** The object type; an interface or union where the selection is the same for all its types. */
  readonly typename: string;
  /** Root types may have another name in a subgraph, so that a `__typename` in the store proves nothing. */
  readonly isRoot: boolean;
  /** True when a response key is `__proto__`, which only an object without a prototype takes as a key. */
  readonly needsNullPrototype: boolean;
  readonly fields: readonly FieldShape[];
}

export interface FieldShape {
  /** The response key. */
  readonly key: string;
  /** The key in the store. */
  readonly from: string;
  /** `Type.field`, for messages. */
  readonly coordinate: string;
  readonly value: ValueShape;
}

export type ValueShape = LeafShape | ListShape | ObjectShape | AbstractShape | GivenShape;

export interface LeafShape {
  readonly kind: 'string' | 'id' | 'int' | 'float' | 'boolean' | 'enum' | 'any';
  readonly nonNull: boolean;
  readonly typename: string;
  /** The values of an enum in the API schema. */
  readonly enumValues: ReadonlySet<string> | undefined;
}

export interface ListShape {
  readonly kind: 'list';
  readonly nonNull: boolean;
  readonly item: ValueShape;
}

export interface AbstractShape {
  readonly kind: 'abstract';
  readonly nonNull: boolean;
  readonly typename: string;
  /** The shape of an object of this type; `undefined` when it is no possible type in the API schema. */
  readonly forType: (typename: string) => ObjectShape | undefined;
  /** The shape for an object that does not say its type, where the selection does not depend on it. */
  readonly forUnknownType: () => ObjectShape | undefined;
  /** True when the response key at the end of a path below is selected for some type, whatever the types on the way. */
  readonly selects: (path: ResponsePath) => boolean;
  /** True when each possible type has a field with this key in the store. */
  readonly selectsForEachType: (from: string | number) => boolean;
}

/**
 * A value that is known without the store: `__typename`, introspection by its name in the answer to it, or the null of
 * what the viewer may not see.
 */
export type GivenShape =
  | { readonly kind: 'removed'; readonly nonNull: boolean }
  | { readonly kind: 'typename'; readonly nonNull: true; readonly typename: string }
  | { readonly kind: 'introspection'; readonly nonNull: boolean; readonly name: string };
