import type { DirectiveNode } from 'graphql';
import type { ResponsePath } from './store.ts';

/**
 * The shape of a response: what the client's operation selects on the API schema, compiled once per operation (GraphQL
 * spec §6.3.2 for the fields and their order). `complete.ts` fills it from the store.
 */
export interface ObjectShape {
  readonly kind: 'object';
  readonly nonNull: boolean;
  /** The object type; an interface or union when the selection is the same for all its types. */
  readonly typename: string;
  /** A root type may have another name in a subgraph, so its `__typename` in the store is not checked. */
  readonly isRoot: boolean;
  /** True when a response key is `__proto__`, which needs an object without a prototype. */
  readonly needsNullPrototype: boolean;
  readonly fields: readonly FieldShape[];
  /** What is delivered later for such an object; `undefined` for nothing. */
  readonly deferred: readonly DeferredShape[] | undefined;
}

/** What one `@defer` delivers for the object its fragment is on. */
export interface DeferredShape {
  /** With the place, this identifies the part among those with the same enclosing part. */
  readonly directive: DirectiveNode;
  readonly place: string;
  readonly shape: ObjectShape;
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
  /** The shape for an object of this type; `undefined` when it is not a possible type in the API schema. */
  readonly forType: (typename: string) => ObjectShape | undefined;
  /** The shape for an object without `__typename`; `undefined` when the selection depends on the type. */
  readonly forUnknownType: () => ObjectShape | undefined;
  /** True when some type selects the response key at the end of a path below, for any types along the path. */
  readonly selects: (path: ResponsePath) => boolean;
  /** True when every possible type has a field with this store key. */
  readonly selectsForEachType: (from: string | number) => boolean;
}

/**
 * A value that does not come from the store: `__typename`, an introspection result by its key, or null for a field that
 * the viewer may not see.
 */
export type GivenShape =
  | { readonly kind: 'removed'; readonly nonNull: boolean }
  | { readonly kind: 'typename'; readonly nonNull: true; readonly typename: string }
  | { readonly kind: 'introspection'; readonly nonNull: boolean; readonly name: string };
