import {
  type GraphQLSchema,
  isObjectType,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { areExclusive, type FieldRef, shapeOf } from './field-ref.ts';
import { conflict, type NarrowedField, typeOfField } from './narrowed-fields.ts';
import { scopeGraph } from './scope-graph.ts';
import { type ScopePair, scopePairs } from './scope-pairs.ts';
import { witnessOf } from './witness.ts';

/** A field of another shape that an operation may give the alias of a narrowed one. */
export interface AliasConflict {
  readonly other: FieldRef;
  /** An operation that the base takes and the head refuses; absent where none was found in time. */
  readonly example: string | undefined;
}

/** The most operations that are tried for a field. */
const examplesMax = 8;

/** Finds what a narrowed field may conflict with under an alias: `undefined` only where no operation can break. */
export function aliasConflicts(
  base: GraphQLSchema,
  head: GraphQLSchema,
): (narrowed: NarrowedField) => AliasConflict | undefined {
  const graph = scopeGraph(base);
  const { pairs, isComplete } = scopePairs(base, graph);
  const pairsOf = new Map<string, ScopePair[]>();
  for (const pair of pairs) {
    for (const group of new Set([pair.one, pair.other])) {
      const known = pairsOf.get(group);
      if (known) known.push(pair);
      else pairsOf.set(group, [pair]);
    }
  }
  const others = (group: string, narrowed: NarrowedField): readonly FieldRef[] =>
    (graph.fieldsByShape(group).get(shapeOf(narrowed.before)) ?? []).filter(({ parent, field }) => {
      const now = typeOfField(head, parent, field);
      return now !== undefined && conflict(narrowed.after, now);
    });
  const anywhere = (narrowed: NarrowedField): AliasConflict | undefined => {
    const groups = new Set(pairs.flatMap(({ one, other }) => [one, other]));
    for (const group of groups) {
      const [other] = others(group, narrowed);
      if (other) return { other, example: undefined };
    }
    return undefined;
  };
  return (narrowed) => {
    const own = ownRef(base, narrowed);
    const group = graph.groupOf(narrowed.parent);
    const found: FieldRef[] = [];
    for (const pair of pairsOf.get(group) ?? []) {
      for (const isFirst of [true, false]) {
        if ((isFirst ? pair.one : pair.other) !== group) continue;
        for (const other of others(isFirst ? pair.other : pair.one, narrowed)) {
          if (!areCompared(pair, own, other)) continue;
          const [first, second] = isFirst ? [own, other] : [other, own];
          const example = witnessOf(base, pair, first, second);
          if (example !== undefined && breaks(base, head, example)) return { other, example };
          found.push(other);
          if (found.length >= examplesMax) return { other: found[0] ?? other, example: undefined };
        }
      }
    }
    const [other] = found;
    if (other) return { other, example: undefined };
    return isComplete ? undefined : anywhere(narrowed);
  };
}

function ownRef(schema: GraphQLSchema, { parent, field, before }: NarrowedField): FieldRef {
  return { parent, field, type: before, isOfObject: isObjectType(schema.getType(parent)) };
}

function areCompared(pair: ScopePair, one: FieldRef, other: FieldRef): boolean {
  if (one.parent === other.parent && one.field === other.field) return false;
  return pair.isExclusive || areExclusive(one, other) || one.field === other.field;
}

const otherRules = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);

/** Whether an operation is refused because of the alias, and only because of it. */
function breaks(base: GraphQLSchema, head: GraphQLSchema, operation: string): boolean {
  const document = parse(operation);
  const isValid = (schema: GraphQLSchema, rules?: typeof otherRules): boolean =>
    validate(schema, document, rules, { maxErrors: 1 }).length === 0;
  return isValid(base) && isValid(head, otherRules) && !isValid(head);
}
