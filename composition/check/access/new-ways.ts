import { type GraphQLSchema, isObjectType } from 'graphql';
import { type Clause, isImplied } from '../../../engine/access/clause.ts';
import type { RequirementIndex } from '../../../engine/access/requirement-index.ts';
import { definedTypes } from '../api-rule.ts';
import { returnedTypes } from './returned-types.ts';

/** A schema and its access requirements. */
interface Guarded {
  readonly api: GraphQLSchema;
  readonly index: RequirementIndex;
}

/** A field that leads to a type without a clause that every path to the type required before. */
export interface NewWay {
  readonly field: string;
  readonly type: string;
  readonly clause: Clause;
}

/** The first field of each such path, in order. */
export function newWays(base: Guarded, head: Guarded): readonly NewWay[] {
  const before = edgesOf(base);
  const after = edgesOf(head);
  const all = reachable(base, before, undefined);
  return clausesOf(base).flatMap((clause) => {
    const openBefore = reachable(base, before, clause);
    const openNow = reachable(head, after, clause);
    const isOpened = (type: string): boolean =>
      all.has(type) && !openBefore.has(type) && openNow.has(type);
    return after
      .filter(
        (edge) =>
          openNow.has(edge.from) &&
          !isOpened(edge.from) &&
          isOpened(edge.to) &&
          !isImplied(clause, edge.required),
      )
      .map(({ field, to }) => ({ field, type: to, clause }));
  });
}

interface Edge {
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly required: readonly (readonly Clause[])[];
}

function edgesOf({ api, index }: Guarded): readonly Edge[] {
  return definedTypes(api)
    .filter(isObjectType)
    .flatMap((type) => {
      const { name: from } = type;
      return Object.values(type.getFields()).flatMap((field) =>
        returnedTypes(api, field)
          .filter((to) => isObjectType(api.getType(to)))
          .map((to) => ({
            field: `${from}.${field.name}`,
            from,
            to,
            required: [index.ofField(from, field.name), index.ofType(to)],
          })),
      );
    });
}

/** The object types reachable from the roots through fields that do not require the clause. */
function reachable(
  { api, index }: Guarded,
  edges: readonly Edge[],
  clause: Clause | undefined,
): ReadonlySet<string> {
  const isFree = (required: Edge['required']): boolean =>
    clause === undefined || !isImplied(clause, required);
  const byParent = new Map<string, Edge[]>();
  for (const edge of edges) {
    const known = byParent.get(edge.from);
    if (known) known.push(edge);
    else byParent.set(edge.from, [edge]);
  }
  const found = new Set(
    [api.getQueryType(), api.getMutationType(), api.getSubscriptionType()].flatMap((root) =>
      root && isFree([index.ofType(root.name)]) ? [root.name] : [],
    ),
  );
  // The loop also visits types added below.
  for (const from of found) {
    for (const { to, required } of byParent.get(from) ?? []) if (isFree(required)) found.add(to);
  }
  return found;
}

function clausesOf({ api, index }: Guarded): readonly Clause[] {
  const clauses = new Set<Clause>();
  for (const type of definedTypes(api)) {
    for (const clause of index.ofType(type.name)) clauses.add(clause);
    if (!isObjectType(type)) continue;
    for (const field of Object.keys(type.getFields()))
      for (const clause of index.ofField(type.name, field)) clauses.add(clause);
  }
  return [...clauses];
}
