import { type DocumentNode, validate } from 'graphql';
import type { Caller, Denied } from '../access/decide.ts';
import { AccessEnforcement } from '../access/enforcement.ts';
import { executeInParts, type PartedExecution } from '../execution/execute-in-parts.ts';
import {
  type ErrorFormat,
  type ExecutableOperation,
  execute,
  executeToJson,
  type ExecutionAnswer,
  type ExecutionRequest,
  type JsonAnswer,
  type ResponseExtensions,
  writeAnswer,
} from '../execution/execute.ts';
import type { QueryPlan } from '../execution/plan.ts';
import { createTypeIndex, type TypeIndex } from '../execution/type-index.ts';
import { conditionValues, type RawVariables } from '../execution/variables.ts';
import type { EventSource } from '../fetching/event-source.ts';
import type { ProblemMapper, RequestContext, SubgraphFetch } from '../fetching/types.ts';
import { choosePlanner, type CreatePlanner, type PlannerChoice } from '../planning/choose.ts';
import { type ActiveLabels, activeLabels } from '../planning/override-labels.ts';
import { type CacheStatistics, PlanCache } from '../planning/plan-cache.ts';
import type { ApolloPlannerConfig } from '../planning/planner.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { deniedTo, type EnforcementSettings, sameClauses } from './operation-access.ts';
import { OperationVariants } from './operation-variants.ts';
import { prepareOperation, type PreparedOperation, requireKind } from './prepared-operation.ts';
import {
  type ExecutableSubscription,
  type ReadySubscription,
  readySubscription,
  type SubscriptionParts,
} from './ready-subscription.ts';
import { SharedCompletions } from './shared-completions.ts';

/** How an engine plans operations. */
export interface EngineOptions {
  readonly planner: PlannerChoice | CreatePlanner;
  readonly queryPlannerConfig: ApolloPlannerConfig | undefined;
  /** The most memory that cached operations may use: documents, plans and compiled plans. */
  readonly planCacheBytesMax: number;
  /** Returns a number in [0, 1). Decides `@override(label: "percent(n)")`. */
  readonly random: () => number;
  /** Enforces the access directives; without it they have no effect. */
  readonly access?: EnforcementSettings | undefined;
}

/** A request for an operation that is valid on the API schema. */
export interface EngineRequest {
  readonly document: DocumentNode;
  /** The text of the document, or its hash: equal keys mean equal documents. */
  readonly documentKey: string;
  readonly operationName: string | undefined;
  readonly variables: RawVariables;
  /** The active labels of progressive `@override`, except those with a percentage. */
  readonly overrideLabels: Iterable<string>;
  readonly context: RequestContext;
  readonly fetch: SubgraphFetch;
  readonly mapProblem: ProblemMapper;
  /**
   * The viewer; called only when access directives apply to the operation. Default: a viewer who is denied all of them.
   */
  readonly caller?: (() => Caller) | undefined;
  /** Called with the plan by which the operation runs. */
  readonly onPlan?: ((plan: QueryPlan) => void) | undefined;
}

/** The result of an operation; `data` is `undefined` when the request itself was invalid. */
export interface EngineAnswer extends Omit<ExecutionAnswer, 'data'> {
  readonly data: ExecutionAnswer['data'] | undefined;
}

/**
 * Runs an operation that is ready, once, to the text of its response. `format` gives the client's view of an error;
 * `extensions` stand beside those that the answer has itself.
 */
export type ReadyRun = (
  format: ErrorFormat,
  extensions?: ResponseExtensions,
) => Promise<JsonAnswer>;

/** An operation with deferred parts that is ready, to be run once. */
export interface ReadyParts {
  start(): Promise<PartedExecution>;
}

/** An operation and its input, ready to execute; or the answer itself when nothing needs to run. */
type Ready = EngineAnswer | Executable | { readonly parted: ReadyParts };

interface Executable {
  readonly plan: QueryPlan;
  readonly executable: ExecutableOperation;
  readonly execution: ExecutionRequest;
}

/** How a response comes: as one, in parts if something is deferred, or as events. */
type Delivery = 'one answer' | 'parts' | 'events';

/** Executes operations on one version of the supergraph. */
export class SupergraphEngine {
  readonly supergraph: Supergraph;
  /** The name of the planner. */
  readonly plannerName: string;
  private readonly types: TypeIndex;
  private readonly random: () => number;
  private readonly operations: PlanCache<PreparedOperation>;
  private readonly access: AccessEnforcement | undefined;
  private readonly variants: OperationVariants;
  private readonly completions = new SharedCompletions();
  private subscriptionParts: SubscriptionParts | undefined;

  /** Throws an AppError SUPERGRAPH_INVALID when the supergraph cannot be planned on. */
  constructor(supergraph: Supergraph, options: EngineOptions) {
    this.supergraph = supergraph;
    const planner = choosePlanner(supergraph, options.planner, options.queryPlannerConfig);
    this.plannerName = planner.name;
    this.types = createTypeIndex(supergraph.document);
    this.random = options.random;
    this.operations = new PlanCache(options.planCacheBytesMax);
    const { access } = options;
    this.access =
      access && new AccessEnforcement({ supergraph, settings: access, log: access.log });
    this.variants = new OperationVariants({
      supergraph,
      planner,
      types: this.types,
      access: this.access,
      operations: this.operations,
    });
  }

  /** Hits and misses of the plan cache. */
  get planCacheStatistics(): CacheStatistics {
    return this.operations.statistics;
  }

  /** Executes an operation. Throws a GraphQLError when it cannot be executed, and any error of the planner. */
  execute(request: EngineRequest): Promise<EngineAnswer> | EngineAnswer {
    const ready = this.ready(request, 'one answer');
    return ready instanceof Promise ? ready.then(run) : run(ready);
  }

  /**
   * Readies an operation, before the first subgraph is asked; the function it returns executes it to text. Apollo Server
   * cannot use this: its plugins may read and change the data, so it needs objects. Throws what `execute` throws before
   * that point. A promise when a policy has to be asked.
   */
  prepare(request: EngineRequest): ReadyRun | Promise<ReadyRun> {
    const ready = this.ready(request, 'one answer');
    return ready instanceof Promise ? ready.then(runToJson) : runToJson(ready);
  }

  /**
   * Like `prepare`, for a client that takes the response in parts. Without anything to defer, and with a planner other
   * than "own", the operation is run to one text.
   */
  prepareParts(request: EngineRequest): ReadyRun | ReadyParts | Promise<ReadyRun | ReadyParts> {
    const ready = this.ready(request, this.plannerName === 'own' ? 'parts' : 'one answer');
    return ready instanceof Promise ? ready.then(runToParts) : runToParts(ready);
  }

  /**
   * Readies a subscription, whose events come from `source`. A function that gives the only response when there is
   * nothing to open: the variables are wrong, or the viewer may not see the field. Throws what `execute` throws.
   */
  async subscribe(
    request: EngineRequest,
    source: EventSource,
  ): Promise<ReadySubscription | ReadyRun> {
    const ready = await this.ready(request, 'events');
    if (!('executable' in ready)) return runToJson(ready);
    const { plan, executable, execution } = ready;
    if (!isSubscription(executable)) return runToJson(ready);
    return readySubscription(plan, executable, execution, this.partsFor(source));
  }

  /** The same ones for all subscriptions: each is kept while it is open. */
  private partsFor(source: EventSource): SubscriptionParts {
    if (this.subscriptionParts?.source !== source) {
      const { completions, supergraph } = this;
      this.subscriptionParts = { source, events: supergraph.events, completions };
    }
    return this.subscriptionParts;
  }

  /**
   * Plans the most used operations of another engine, one at a time so that requests are handled in between; stops when
   * `isWanted` returns false. Skips operations that are no longer valid or can no longer be planned.
   */
  async warm(other: SupergraphEngine, count: number, isWanted: () => boolean): Promise<void> {
    for (const { key, document, operationName, variants } of other.operations.mostUsed(count)) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isWanted()) return;
      try {
        if (validate(this.supergraph.apiSchema, document).length > 0) continue;
        const prepared = this.newlyPrepared(key, document, operationName);
        for (const each of variants.values()) {
          if ('refusal' in each) continue;
          this.variants.of(prepared, {
            ...each,
            denied: sameClauses(each.denied, prepared.clauses),
          });
        }
      } catch {
        // The client gets the error with its first request.
      }
    }
  }

  /** All that comes before the first subgraph is asked; an answer instead when the variables are wrong. */
  private ready(request: EngineRequest, delivery: Delivery): Ready | Promise<Ready> {
    const prepared = this.prepared(request);
    requireKind(prepared, delivery === 'events' ? 'events' : 'one answer');
    const mayDefer = delivery === 'parts';
    const errors = prepared.checkVariables(request.variables);
    if (errors) return { data: undefined, errors, cacheHint: undefined };
    const denied = deniedTo(prepared.clauses, request.caller);
    if (!(denied instanceof Promise)) return this.readyFor(prepared, denied, request, mayDefer);
    return denied.then((known) => this.readyFor(prepared, known, request, mayDefer));
  }

  private readyFor(
    prepared: PreparedOperation,
    denied: Denied,
    request: EngineRequest,
    mayDefer: boolean,
  ): Ready {
    const { variables, context, fetch, mapProblem } = request;
    const isIncremental = mayDefer && prepared.deferConditionNames !== undefined;
    const conditions = conditionsOf(prepared, variables, isIncremental);
    const labels = this.labels(request.overrideLabels);
    const variant = this.variants.of(prepared, { isIncremental, conditions, labels, denied });
    const { plan, executable, removedPaths } = variant;
    request.onPlan?.(plan);
    if (removedPaths.length > 0) {
      this.access?.report(removedPaths, prepared.operationName);
      if (this.access?.refuses(removedPaths)) {
        const { errors = [], extensions } = this.access.withheld(removedPaths, denied) ?? {};
        return { data: null, errors, cacheHint: undefined, extensions };
      }
    }
    const execution = { variables, conditions, context, fetch, mapProblem, types: this.types };
    if ('parts' in executable)
      return { parted: { start: () => executeInParts(executable, execution) } };
    return { plan, executable, execution };
  }

  private prepared({
    document,
    documentKey,
    operationName,
  }: Pick<EngineRequest, 'document' | 'documentKey' | 'operationName'>): PreparedOperation {
    const key = operationName === undefined ? documentKey : `${documentKey} ${operationName}`;
    return this.operations.get(key) ?? this.newlyPrepared(key, document, operationName);
  }

  private newlyPrepared(
    key: string,
    document: DocumentNode,
    operationName: string | undefined,
  ): PreparedOperation {
    const { apiSchema } = this.supergraph;
    return prepareOperation(key, document, operationName, apiSchema, this.access);
  }

  private labels(chosen: Iterable<string>): ActiveLabels {
    return activeLabels(this.supergraph.overrideLabels, chosen, this.random);
  }
}

const noConditions: ReadonlyMap<string, boolean> = new Map();

function conditionsOf(
  { operation, conditionNames, deferConditionNames }: PreparedOperation,
  variables: RawVariables,
  isIncremental: boolean,
): ReadonlyMap<string, boolean> {
  const names = isIncremental && deferConditionNames ? deferConditionNames : conditionNames;
  if (names.length === 0) return noConditions;
  return conditionValues(operation.variableDefinitions ?? [], names, variables);
}

function isSubscription(executable: ExecutableOperation): executable is ExecutableSubscription {
  return executable.openingRequest !== undefined;
}

function run(ready: Ready): Promise<EngineAnswer> | EngineAnswer {
  if ('parted' in ready) throw notAsked();
  return 'errors' in ready ? ready : execute(ready.executable, ready.execution);
}

function notAsked(): Error {
  return new Error('Expected parts only where they are asked for.');
}

function runToParts(ready: Ready): ReadyRun | ReadyParts {
  return 'parted' in ready ? ready.parted : runToJson(ready);
}

function runToJson(ready: Ready): ReadyRun {
  if ('parted' in ready) throw notAsked();
  if ('errors' in ready) {
    const { data } = ready;
    // Without data nothing was executed, so there is nothing for the extensions to describe.
    return (format, extensions) =>
      Promise.resolve(writeAnswer(ready, format, data === undefined ? undefined : extensions));
  }
  return (format, extensions) =>
    executeToJson(ready.executable, ready.execution, format, extensions);
}
