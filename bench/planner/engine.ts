import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { type EngineRequest, SupergraphEngine } from '../../engine/operation/supergraph-engine.ts';
import { engineRequest } from '../../test/support/engine-request.ts';
import { createNativePlanner } from '../../test/support/oracles/native-planner.ts';
import type { ComparedPlanner } from '../../test/support/oracles/oracle.ts';

/** An operation as it is planned. */
export interface PlannedRequest {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly labels: readonly string[];
}

/** An engine with that planner in this process, which keeps nothing: each operation is planned each time. */
export function engineWith(planner: ComparedPlanner, supergraphSdl: string): SupergraphEngine {
  return new SupergraphEngine(readSupergraph(supergraphSdl), {
    planner:
      planner === 'native' ? (supergraph) => createNativePlanner(supergraph, 'here') : planner,
    queryPlannerConfig: undefined,
    planCacheBytesMax: 0,
    random: () => 1,
  });
}

/** What the engine takes to plan an operation. */
export function requestOf({ text, variables, labels }: PlannedRequest): EngineRequest {
  return engineRequest(text, { variables, overrideLabels: labels });
}
