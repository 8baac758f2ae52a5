import type { QueryPlannerConfig } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { compileIntrospection } from './execution/introspection.ts';
import { compilePlan } from './execution/compile.ts';
import { compileShape } from './execution/compile-shape.ts';
import {
  type ExecutableOperation,
  execute,
  type ExecutionAnswer,
  type ExecutionRequest,
} from './execution/execute.ts';
import type { QueryPlan } from './execution/plan.ts';
import { createTypeIndex, type TypeIndex } from './execution/type-index.ts';
import {
  compileVariableCheck,
  conditionValues,
  type RawVariables,
  type VariableCheck,
} from './execution/variables.ts';
import type { ProblemMapper, RequestContext, SubgraphFetch } from './fetching/types.ts';
import { choosePlanner, type PlannerChoice } from './planning/choose.ts';
import {
  conditionVariables,
  type NormalizedOperation,
  normalizeOperation,
} from './planning/normalize.ts';
import { type ActiveLabels, activeLabels } from './planning/override-labels.ts';
import { PlanCache, type PlanCacheStatistics } from './planning/plan-cache.ts';
import type { Planner, PlannerName } from './planning/planner.ts';
import type { Supergraph } from './planning/supergraph.ts';

/** How an engine plans. */
export interface EngineOptions {
  readonly planner: PlannerChoice;
  readonly queryPlannerConfig: QueryPlannerConfig | undefined;
  /** The most bytes that plans may occupy, as estimated. */
  readonly planCacheBytesMax: number;
  /** A number from 0 up to 1: decides `@override(label: "percent(n)")`. */
  readonly random: () => number;
}

/** An operation as a client sent it: validated on the API schema. */
export interface EngineRequest {
  readonly document: DocumentNode;
  /** The text of the document or its hash: equal keys mean equal documents. */
  readonly documentKey: string;
  readonly operationName: string | undefined;
  readonly variables: RawVariables;
  /** Labels of progressive `@override` that are active besides those with a percentage. */
  readonly overrideLabels: Iterable<string>;
  readonly context: RequestContext;
  readonly fetch: SubgraphFetch;
  readonly mapProblem: ProblemMapper;
}

/** Up to so many Boolean variables in conditions there is a plan for each combination of their values. */
const plannedConditionsMax = 4;

/** Answers operations on one version of the supergraph. */
export class SupergraphEngine {
  readonly supergraph: Supergraph;
  private readonly planner: Planner;
  private readonly types: TypeIndex;
  private readonly random: () => number;
  private readonly prepared: PlanCache<PreparedOperation>;
  private readonly executables: PlanCache<PlannedOperation>;

  /** Throws an AppError SUPERGRAPH_INVALID when operations cannot be planned on the supergraph. */
  constructor(supergraph: Supergraph, options: EngineOptions) {
    this.supergraph = supergraph;
    this.planner = choosePlanner(supergraph, options.planner, options.queryPlannerConfig);
    this.types = createTypeIndex(supergraph.document);
    this.random = options.random;
    this.prepared = new PlanCache(options.planCacheBytesMax / 4);
    this.executables = new PlanCache((options.planCacheBytesMax * 3) / 4);
  }

  get plannerName(): PlannerName {
    return this.planner.name;
  }

  get planCacheStatistics(): PlanCacheStatistics {
    return this.executables.statistics;
  }

  /** Runs an operation. Throws a GraphQLError when the request itself is wrong or there is no plan for it. */
  execute(request: EngineRequest): Promise<ExecutionAnswer> | ExecutionAnswer {
    const prepared = this.prepare(request);
    const errors = prepared.checkVariables(request.variables);
    if (errors && errors.length > 0) return { data: null, errors, cacheHint: undefined };
    const conditions = conditionValues(
      prepared.operation.variableDefinitions ?? [],
      prepared.conditionNames,
      request.variables,
    );
    const labels = activeLabels(
      this.supergraph.overrideLabels,
      request.overrideLabels,
      this.random,
    );
    const { executable } = this.plan(prepared, conditions, labels);
    const execution: ExecutionRequest = {
      variables: request.variables,
      conditions,
      context: request.context,
      fetch: request.fetch,
      mapProblem: request.mapProblem,
      types: this.types,
    };
    return execute(executable, execution);
  }
}
