import { parse } from 'graphql';
import type { QueryPlan } from '../../engine/execution/plan.ts';
import { passReportedErrors } from '../../engine/execution/problem-mapper.ts';
import type { EngineRequest, SupergraphEngine } from '../../engine/operation/supergraph-engine.ts';
import { requestContext } from './subgraph-calls.ts';

/** A request for the one operation of a text, which asks no subgraph unless told otherwise. */
export function engineRequest(text: string, given: Partial<EngineRequest> = {}): EngineRequest {
  return {
    document: given.document ?? parse(text),
    documentKey: text,
    operationName: undefined,
    variables: {},
    overrideLabels: [],
    context: requestContext(),
    fetch: ({ subgraph }) => Promise.reject(new Error(`Expected no request to "${subgraph}".`)),
    mapProblem: passReportedErrors,
    ...given,
  };
}

/** The plan by which an engine runs an operation that depends on no policy. Throws what the engine throws. */
export function planOf(engine: SupergraphEngine, request: EngineRequest): QueryPlan {
  let plan: QueryPlan | undefined;
  const ready = engine.prepare({ ...request, onPlan: (chosen) => (plan = chosen) });
  if (ready instanceof Promise || !plan)
    throw new Error(`Expected a plan for ${request.documentKey}.`);
  return plan;
}
