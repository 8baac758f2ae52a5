import { createRequire } from 'node:module';
import { composeServices, ValidationContext, ValidationState } from '@apollo/composition';
import type * as FederationInternals from '@apollo/federation-internals';
import {
  buildFederatedQueryGraph,
  buildSupergraphAPIQueryGraph,
  QueryGraphState,
  simpleValidationConditionResolver,
} from '@apollo/query-graphs';
import type { GraphQLError } from 'graphql';

/** The most paths tried: the goal is a readable error, not a proof that there is none. */
const statesMax = 50_000;

type Schema = FederationInternals.Schema;
type Visits = Parameters<ValidationState['canSkipVisit']>[1];

/**
 * Satisfiability errors, each with the shortest failing query and each reason once. Composition
 * itself searches depth first, starting with mutations. Empty when none is found in time.
 */
export function shortestWitnesses(
  services: Parameters<typeof composeServices>[0],
): readonly GraphQLError[] {
  const { schema } = composeServices(services, { runSatisfiability: false });
  if (!schema) return [];
  try {
    return withoutRepetition(breadthFirst(schema));
  } catch {
    // The errors of composition itself are shown then.
    return [];
  }
}

/** The traversal of `@apollo/composition` (`validate.js`), with a queue instead of its stack. */
function breadthFirst(schema: Schema): readonly GraphQLError[] {
  // CommonJS whose named exports Node cannot detect.
  const { Supergraph, typenameFieldName } = createRequire(import.meta.url)(
    '@apollo/federation-internals',
  ) as typeof FederationInternals;
  const supergraph = new Supergraph(schema, null);
  const enumValues = supergraph.subgraphNameToGraphEnumValue();
  const supergraphAPI = buildSupergraphAPIQueryGraph(supergraph);
  const federatedQueryGraph = buildFederatedQueryGraph(supergraph, false);
  const conditionResolver = simpleValidationConditionResolver({
    supergraph: schema,
    queryGraph: federatedQueryGraph,
    withCaching: true,
  });
  const context = new ValidationContext(schema, enumValues);
  const visits: Visits = new QueryGraphState();
  const errors: GraphQLError[] = [];
  const states = [...supergraphAPI.rootKinds()].sort(queriesFirst).map((kind) =>
    ValidationState.initial({
      supergraphAPI,
      kind,
      federatedQueryGraph,
      conditionResolver,
      overrideConditions: new Map(),
    }),
  );
  // The loop also visits states added below.
  for (const state of states) {
    if (states.length > statesMax) break;
    if (state.canSkipVisit(enumValues, visits)) continue;
    for (const edge of state.supergraphPath.nextEdges()) {
      if (edge.isEdgeForField(typenameFieldName)) continue;
      const { selectedOverrideConditions: conditions } = state;
      const { overrideCondition } = edge;
      if (
        overrideCondition &&
        conditions.has(overrideCondition.label) &&
        !edge.satisfiesOverrideConditions(conditions)
      ) {
        continue;
      }
      const contexts =
        edge.transition.kind === 'FieldCollection'
          ? context.matchingContexts(edge.head.type.name)
          : [];
      const { state: next } = state.validateTransition(context, edge, contexts, errors, new Map());
      if (next && !next.supergraphPath.isTerminal()) states.push(next);
    }
  }
  return errors;
}

function queriesFirst(left: string, right: string): number {
  return Number(right === 'query') - Number(left === 'query');
}

/** Errors that differ only in the query have the same reason; the first has the shortest query. */
function withoutRepetition(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const byReason = new Map<string, GraphQLError>();
  for (const error of errors) {
    const reason = error.message.slice(error.message.indexOf('\n}\n'));
    if (!byReason.has(reason)) byReason.set(reason, error);
  }
  return [...byReason.values()];
}
