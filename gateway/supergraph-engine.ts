import type { QueryPlannerConfig } from '@apollo/query-planner';
import { type DocumentNode, validate } from 'graphql';
import { compileShape } from './execution/compile-shape.ts';
import { compilePlan } from './execution/compile.ts';
import {
  type ErrorFormat,
  type ExecutableOperation,
  execute,
  executeToJson,
  type ExecutionAnswer,
  type ExecutionRequest,
  type JsonAnswer,
  writeAnswer,
} from './execution/execute.ts';
import { compileIntrospection } from './execution/introspection.ts';
import type { QueryPlan } from './execution/plan.ts';
import { compileSplice } from './execution/splice.ts';
import { createTypeIndex, type TypeIndex } from './execution/type-index.ts';
import { conditionValues, type RawVariables } from './execution/variables.ts';
import type { ProblemMapper, RequestContext, SubgraphFetch } from './fetching/types.ts';
import { choosePlanner, type PlannerChoice } from './planning/choose.ts';
import { type NormalizedOperation, normalizeOperation } from './planning/normalize.ts';
import { type ActiveLabels, activeLabels } from './planning/override-labels.ts';
import { type CacheStatistics, PlanCache } from './planning/plan-cache.ts';
import type { Planner, PlannerName } from './planning/planner.ts';
import type { Supergraph } from './planning/supergraph.ts';
import {
  type PlannedVariant,
  prepareOperation,
  type PreparedOperation,
} from './prepared-operation.ts';

/** How an engine plans. */
export interface EngineOptions {
  readonly planner: PlannerChoice;
  readonly queryPlannerConfig: QueryPlannerConfig | undefined;
  /** The most bytes that plans may occupy, as estimated. */
  readonly planCacheBytesMax: number;
  /** A number from 0 up to 1: decides `@override(label: "percent(n)")`. */
  readonly random: () => number;
}

/** A request for an operation that is valid on the API schema. */
export interface EngineRequest {
  readonly document: DocumentNode;
  /** The text of the document, or its hash: equal keys mean equal documents. */
  readonly documentKey: string;
  readonly operationName: string | undefined;
  readonly variables: RawVariables;
  /** The labels of progressive `@override` that are active, those with a percentage aside. */
  readonly overrideLabels: Iterable<string>;
  readonly context: RequestContext;
  readonly fetch: SubgraphFetch;
  readonly mapProblem: ProblemMapper;
}

/** What an engine says to a request; `data` is `undefined` when the request itself was wrong. */
export interface EngineAnswer extends Omit<ExecutionAnswer, 'data'> {
  readonly data: ExecutionAnswer['data'] | undefined;
}

/** The most variants of one operation that are kept. */
const variantsMax = 32;

/** Answers operations on one version of the supergraph. */
export class SupergraphEngine {
  readonly supergraph: Supergraph;
  private readonly planner: Planner;
  private readonly types: TypeIndex;
  private readonly random: () => number;
  private readonly operations: PlanCache<PreparedOperation>;
  private readonly plans: PlanCache<QueryPlan>;

  /** Throws an AppError SUPERGRAPH_INVALID when operations cannot be planned on the supergraph. */
  constructor(supergraph: Supergraph, options: EngineOptions) {
    this.supergraph = supergraph;
    this.planner = choosePlanner(supergraph, options.planner, options.queryPlannerConfig);
    this.types = createTypeIndex(supergraph.document);
    this.random = options.random;
    this.operations = new PlanCache(options.planCacheBytesMax / 2);
    this.plans = new PlanCache(options.planCacheBytesMax / 2);
  }

  get plannerName(): PlannerName {
    return this.planner.name;
  }

  /** How often an operation was met that was known already. */
  get planCacheStatistics(): CacheStatistics {
    return this.operations.statistics;
  }

  /** Runs an operation. Throws a GraphQLError when it cannot be answered, and what a planner throws. */
  execute(request: EngineRequest): Promise<EngineAnswer> | EngineAnswer {
    const ready = this.ready(request);
    if ('errors' in ready) return ready;
    return execute(ready.executable, ready.execution);
  }

  /**
   * Runs an operation to the text of its response, which Apollo Server has no use for: its contract wants the data as
   * an object, because plugins may look at it and change it. Rejects with what `execute` throws.
   */
  async executeToJson(request: EngineRequest, format: ErrorFormat): Promise<JsonAnswer> {
    const ready = this.ready(request);
    if ('errors' in ready) return writeAnswer(ready, format);
    return executeToJson(ready.executable, ready.execution, format);
  }

  /**
   * All of `executeToJson` that comes before the first subgraph is asked, and a function for the rest, to be called
   * once. `undefined` when the variables are wrong. Throws what `execute` throws before that point.
   */
  prepareToJson(
    request: EngineRequest,
  ): ((format: ErrorFormat) => Promise<JsonAnswer>) | undefined {
    const ready = this.ready(request);
    if ('errors' in ready) return undefined;
    return (format) => executeToJson(ready.executable, ready.execution, format);
  }

  /** The plan that a request would run by. Throws as `execute` does. */
  planFor(
    request: Pick<
      EngineRequest,
      'document' | 'documentKey' | 'operationName' | 'variables' | 'overrideLabels'
    >,
  ): QueryPlan {
    const prepared = this.prepare(request);
    const conditions = conditionsOf(prepared, request.variables);
    return this.variant(prepared, conditions, this.labels(request.overrideLabels)).plan;
  }

  /**
   * Plans what another engine was asked for most, one operation at a time so that requests get their turn between;
   * `isWanted` ends it early. What is no longer valid, or cannot be planned any more, is left out.
   */
  async warm(other: SupergraphEngine, count: number, isWanted: () => boolean): Promise<void> {
    for (const { key, document, operationName, variants } of other.operations.mostUsed(count)) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isWanted()) return;
      if (validate(this.supergraph.apiSchema, document).length > 0) continue;
      try {
        const prepared = prepareOperation(key, document, operationName, this.supergraph.apiSchema);
        for (const { conditions, labels } of variants.values())
          this.variant(prepared, conditions, labels);
      } catch {
        // Its first request will tell the client why.
      }
    }
  }

  /** All that comes before the first subgraph is asked; an answer instead when the variables are wrong. */
  private ready(
    request: EngineRequest,
  ):
    | EngineAnswer
    | { readonly executable: ExecutableOperation; readonly execution: ExecutionRequest } {
    const { variables, context, fetch, mapProblem } = request;
    const prepared = this.prepare(request);
    const errors = prepared.checkVariables(variables);
    if (errors) return { data: undefined, errors, cacheHint: undefined };
    const conditions = conditionsOf(prepared, variables);
    const { executable } = this.variant(prepared, conditions, this.labels(request.overrideLabels));
    return {
      executable,
      execution: { variables, conditions, context, fetch, mapProblem, types: this.types },
    };
  }

  private prepare({
    document,
    documentKey,
    operationName,
  }: Pick<EngineRequest, 'document' | 'documentKey' | 'operationName'>): PreparedOperation {
    const key = operationName === undefined ? documentKey : `${documentKey} ${operationName}`;
    return (
      this.operations.get(key) ??
      prepareOperation(key, document, operationName, this.supergraph.apiSchema)
    );
  }

  private labels(chosen: Iterable<string>): ActiveLabels {
    return activeLabels(this.supergraph.overrideLabels, chosen, this.random);
  }

  private variant(
    prepared: PreparedOperation,
    conditions: ReadonlyMap<string, boolean>,
    labels: ActiveLabels,
  ): PlannedVariant {
    const key = variantKey(conditions, labels);
    const known = prepared.variants.get(key);
    if (known) return known;
    const variant = this.compile(prepared, conditions, labels);
    const [oldest] = prepared.variants.keys();
    if (prepared.variants.size >= variantsMax && oldest !== undefined)
      prepared.variants.delete(oldest);
    prepared.variants.set(key, variant);
    let bytes = 0;
    for (const each of prepared.variants.values()) bytes += each.bytes;
    this.operations.set(prepared.key, prepared, bytes);
    return variant;
  }

  private compile(
    prepared: PreparedOperation,
    conditions: ReadonlyMap<string, boolean>,
    labels: ActiveLabels,
  ): PlannedVariant {
    const { operation, fragments } = prepared;
    const { apiSchema, ownFields } = this.supergraph;
    // Each combination of conditions has a plan of its own: both planners go wrong on some that are left open.
    const normalized = normalizeOperation(prepared, ownFields, conditions);
    const { storeKeys, clientVariables, text } = normalized;
    const plan = this.plan(normalized, prepared.operationName, labels);
    const shape = compileShape(operation, { schema: apiSchema, fragments, conditions, storeKeys });
    const context = { types: this.types, clientVariables };
    const executable = {
      step: compilePlan(plan, context),
      splice: compileSplice(plan, shape.root, context),
      shape: shape.root,
      introspect: compileIntrospection(shape, operation, fragments, apiSchema),
      clientKeys: new Map([...storeKeys].map(([clientKey, storeKey]) => [storeKey, clientKey])),
    };
    return { conditions, labels, plan, executable, bytes: estimateBytes(text) };
  }

  private plan(
    { document, text }: NormalizedOperation,
    operationName: string | undefined,
    labels: ActiveLabels,
  ): QueryPlan {
    if (!document) return { node: undefined };
    const key = `${text} ${operationName ?? ''} ${[...labels].join()}`;
    const known = this.plans.get(key);
    if (known) return known;
    const plan = this.planner.plan({ document, text, operationName, activeLabels: labels });
    this.plans.set(key, plan, estimateBytes(text));
    return plan;
  }
}

const noConditions: ReadonlyMap<string, boolean> = new Map();

function conditionsOf(
  { operation, conditionNames }: PreparedOperation,
  variables: RawVariables,
): ReadonlyMap<string, boolean> {
  if (conditionNames.length === 0) return noConditions;
  return conditionValues(operation.variableDefinitions ?? [], conditionNames, variables);
}

function variantKey(conditions: ReadonlyMap<string, boolean>, labels: ActiveLabels): string {
  if (conditions.size === 0 && labels.size === 0) return '';
  let key = '';
  for (const value of conditions.values()) key += value ? '1' : '0';
  return `${key} ${[...labels].join()}`;
}

/** Measured with 50,000 operations: document, plan and what is compiled from it occupy a little less than this. */
function estimateBytes(text: string): number {
  return 4_000 + 60 * text.length;
}
