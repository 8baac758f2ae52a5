import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isIntrospectionType,
  isSpecifiedScalarType,
} from 'graphql';
import type { Change } from './change.ts';

/** Compares two API schemas; a pure function. */
export type ApiRule = (base: GraphQLSchema, head: GraphQLSchema) => readonly Change[];

/** The types defined by the schema itself, sorted by name. */
export function definedTypes(schema: GraphQLSchema): readonly GraphQLNamedType[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .sort(byName);
}

/** Compares the types that have the given kind in both schemas. */
export function changesOfTypes<T extends GraphQLNamedType>(
  base: GraphQLSchema,
  head: GraphQLSchema,
  isKind: (type: GraphQLNamedType) => type is T,
  compare: (before: T, after: T) => readonly Change[],
): readonly Change[] {
  return definedTypes(base).flatMap((before) => {
    const after = head.getType(before.name);
    return isKind(before) && after && isKind(after) ? compare(before, after) : [];
  });
}

/** Splits two lists by name into removed, added and common items, each in its own order. */
export function matchNames<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
): {
  readonly removed: readonly T[];
  readonly added: readonly T[];
  readonly kept: readonly (readonly [before: T, after: T])[];
} {
  const old = new Map(before.map((each) => [each.name, each]));
  const next = new Map(after.map((each) => [each.name, each]));
  return {
    removed: before.filter(({ name }) => !next.has(name)).sort(byName),
    added: after.filter(({ name }) => !old.has(name)).sort(byName),
    kept: [...before].sort(byName).flatMap((each) => {
      const found = next.get(each.name);
      return found ? [[each, found] as const] : [];
    }),
  };
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : Number(left.name > right.name);
}
