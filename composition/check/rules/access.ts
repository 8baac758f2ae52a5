import { type GraphQLSchema, isEnumType, isObjectType, isScalarType } from 'graphql';
import {
  allOf,
  type Clause,
  isImplied,
  printClause,
  type Requirement,
} from '../../../engine/access/clause.ts';
import {
  createRequirementIndex,
  type RequirementIndex,
} from '../../../engine/access/requirement-index.ts';
import { newWays } from '../access/new-ways.ts';
import { returnedTypes } from '../access/returned-types.ts';
import { definedTypes, matchNames } from '../api-rule.ts';
import type { Change } from '../change.ts';
import type { Comparison, Rule } from '../comparison.ts';

/**
 * Access requirements of types and fields, as the gateway enforces them: an interface's requirements hold for each type that
 * implements it. Also new fields that lead, without a requirement, to types that were only reachable with it.
 */
export const access: Rule = ({ base, head }) => {
  const [before, after] = [base, head].map(({ supergraph }) => createRequirementIndex(supergraph));
  if (!before || !after || (before.isEmpty && after.isEmpty)) return [];
  const direct = [
    ...ofTypes(base.api, head.api, before, after),
    ...ofFields(base.api, head.api, before, after),
  ];
  const loosened = new Set(
    direct.filter(({ code }) => code === 'ACCESS_LOOSENED').map(({ coordinate }) => coordinate),
  );
  const ways = newWays({ api: base.api, index: before }, { api: head.api, index: after });
  return [
    ...direct,
    ...ways
      .filter(({ field, type }) => !loosened.has(field) && !loosened.has(type))
      .map(({ field, type, clause }): Change => ({
        code: 'ACCESS_LOOSENED',
        message: `${field} leads to ${type} without ${printClause(clause)}; until now every way there required it.`,
        coordinate: field,
        in: 'head',
      })),
  ];
};

type Schema = Comparison['base']['api'];

function ofTypes(
  base: Schema,
  head: Schema,
  before: RequirementIndex,
  after: RequirementIndex,
): readonly Change[] {
  return matchNames(definedTypes(base), definedTypes(head))
    .kept.filter(([, type]) => isObjectType(type) || isScalarType(type) || isEnumType(type))
    .flatMap(([{ name }]) =>
      changesOf(
        name,
        before.ofType(name),
        [after.ofType(name)],
        [before.ofType(name)],
        after.ofType(name),
      ),
    );
}

function ofFields(
  base: GraphQLSchema,
  head: GraphQLSchema,
  before: RequirementIndex,
  after: RequirementIndex,
): readonly Change[] {
  return matchNames(definedTypes(base), definedTypes(head)).kept.flatMap(([old, next]) => {
    if (!isObjectType(old) || !isObjectType(next)) return [];
    const fields = matchNames(Object.values(old.getFields()), Object.values(next.getFields()));
    return fields.kept.flatMap(([one, other]) => {
      const coordinate = `${old.name}.${one.name}`;
      const [was, is] = [before, after].map((index) => index.ofField(old.name, one.name));
      return changesOf(
        coordinate,
        was ?? [],
        around(after, head, next.name, other),
        around(before, base, old.name, one),
        is ?? [],
      );
    });
  });
}

/** All requirements for reading a field: its own, its parent's, and those of its possible types. */
function around(
  index: RequirementIndex,
  schema: GraphQLSchema,
  parent: string,
  field: Parameters<typeof returnedTypes>[1] & { readonly name: string },
): readonly Requirement[] {
  const own = [index.ofField(parent, field.name), index.ofType(parent)];
  const returned = returnedTypes(schema, field).map((type) => index.ofType(type));
  // Of several possible types, only what all of them require is certain.
  const shared = (returned[0] ?? []).filter((clause) =>
    returned.every((requirement) => isImplied(clause, [requirement])),
  );
  return [...own, shared];
}

function changesOf(
  coordinate: string,
  was: Requirement,
  nowAround: readonly Requirement[],
  thenAround: readonly Requirement[],
  is: Requirement,
): readonly Change[] {
  const lost = was.filter((clause) => !isImplied(clause, nowAround));
  const won = is.filter((clause) => !isImplied(clause, thenAround));
  return [
    ...lost.map((clause): Change => {
      const left = allOf(nowAround);
      return {
        code: 'ACCESS_LOOSENED',
        message: `${coordinate} no longer requires ${printClause(clause)}${left.length > 0 ? `, but only ${print(left)}` : ''}.`,
        coordinate,
        in: 'head',
      };
    }),
    ...won
      .filter(() => lost.length === 0)
      .map((clause): Change => ({
        code: 'ACCESS_TIGHTENED',
        message: `${coordinate} requires ${printClause(clause)} now.`,
        coordinate,
        in: 'head',
      })),
  ];
}

function print(clauses: readonly Clause[]): string {
  return clauses.map(printClause).join(' ');
}
