import { GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { messageOf } from '../../common/errors.ts';
import { runAtOnce, runInSlices, type Sliced } from '../../common/slices.ts';
import { callerOf } from '../access/caller.ts';
import type { Caller } from '../access/decide.ts';
import { authenticationRequiredError } from '../access/refusal.ts';
import type {
  GatewayApolloConfig,
  GatewayCachePolicy,
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
  GatewayInterface,
  GatewayLoadResult,
  GatewaySchemaLoadOrUpdateCallback,
  GatewayUnsubscriber,
} from '../apollo-interface.ts';
import { ChannelEvents } from '../channels/channel-events.ts';
import { Comparison } from '../comparison/comparison.ts';
import { type ComparisonStatistics, readComparison } from '../comparison/options.ts';
import type { CacheHint } from '../execution/cache-hints.ts';
import type { QueryPlan } from '../execution/plan.ts';
import { passReportedErrors } from '../execution/problem-mapper.ts';
import type { EventSource } from '../fetching/event-source.ts';
import { httpClientDefaults } from '../fetching/http-client.ts';
import type { ProblemMapper, RequestContext, SubgraphFetch } from '../fetching/types.ts';
import type { ReadySubscription } from '../operation/ready-subscription.ts';
import {
  type EngineRequest,
  type ReadyParts,
  type ReadyRun,
  SupergraphEngine,
} from '../operation/supergraph-engine.ts';
import type { ValidRequest } from '../operation/valid-request.ts';
import type { CacheStatistics } from '../planning/plan-cache.ts';
import { queryPlanExtensions, wantsQueryPlan } from '../planning/query-plan-view.ts';
import {
  readSupergraphInSlices,
  readSupergraph,
  type SubgraphAddress,
  type Supergraph,
} from '../supergraph/supergraph.ts';
import { unenforcedDirectives } from '../supergraph/unenforced-directives.ts';
import { isDuplicateGraphqlError, duplicateGraphqlError } from './duplicate-graphql.ts';
import { checkOptions } from './known-options.ts';
import { SubgraphRoutes } from './subgraph-routes.ts';
import { type Opening, openingIn } from './subscription-opening.ts';
import {
  consoleLog,
  type GatewayLog,
  type SupergraphGatewayOptions,
} from './supergraph-gateway-options.ts';

/**
 * A gateway for Apollo Server's `gateway` option that replaces ApolloGateway. It plans and executes operations and
 * shapes their responses. A new supergraph applies to new requests; requests in flight finish on the one they started
 * with. An invalid supergraph is rejected, and the last valid one stays in use.
 */
export class SupergraphGateway implements GatewayInterface {
  private readonly options: SupergraphGatewayOptions;
  private readonly log: GatewayLog;
  private readonly mapProblem: ProblemMapper;
  private readonly subgraphs: SubgraphRoutes;
  private readonly listeners = new Set<GatewaySchemaLoadOrUpdateCallback>();
  private readonly versions = new WeakMap<GraphQLSchema, Version>();
  private readonly comparison: Comparison | undefined;
  private readonly channels: ChannelEvents | undefined;
  private current: Version | undefined;
  /** The number of updates received, and the number of the one being served. */
  private updates = 0;
  private served = 0;
  private cleanup: (() => Promise<void>) | undefined;
  private phase: 'new' | 'loading' | 'loaded' | 'failed' | 'stopped' = 'new';

  constructor(options: SupergraphGatewayOptions) {
    const warnings = checkOptions(options);
    this.options = options;
    this.log = options.logger ?? consoleLog(options.debug === true);
    for (const warning of warnings) this.log.warn(warning);
    this.mapProblem = options.mapProblem ?? passReportedErrors;
    this.subgraphs = new SubgraphRoutes(options);
    this.channels = channelEventsOf(options);
    this.comparison =
      options.compareWith &&
      new Comparison(readComparison(options.compareWith), this.log, options.random ?? Math.random);
  }

  /** Loads the supergraph. Rejects when it cannot be served. */
  async load(options?: { readonly apollo: GatewayApolloConfig }): Promise<GatewayLoadResult> {
    if (this.phase !== 'new') throw new Error(`Expected a new gateway; this one is ${this.phase}.`);
    this.phase = 'loading';
    try {
      this.update(await this.initialSupergraph());
    } catch (error) {
      this.phase = 'failed';
      await this.release();
      throw error;
    }
    this.phase = 'loaded';
    this.comparison?.start(options?.apollo ?? {});
    const executor: GatewayExecutor = (incoming) => this.executeIncoming(incoming);
    return { executor: this.comparison?.wrap(executor) ?? executor };
  }

  /** Calls back with every supergraph once it is served, including the current one. */
  onSchemaLoadOrUpdate(callback: GatewaySchemaLoadOrUpdateCallback): GatewayUnsubscriber {
    this.listeners.add(callback);
    return () => {
      this.listeners.delete(callback);
    };
  }

  /**
   * Stops watching the supergraph, and closes the connections once the calls in flight have ended. Also stops
   * `compareWith`.
   */
  async stop(): Promise<void> {
    const { phase } = this;
    this.phase = 'stopped';
    if (phase === 'loaded') await this.comparison?.stop();
    // A gateway that failed to load has released everything already.
    if (phase !== 'stopped' && phase !== 'failed') await this.release();
  }

  /** Queries `__typename` from every subgraph. Rejects with the name of the first subgraph that fails. */
  serviceHealthCheck(): Promise<readonly { readonly name: string }[]> {
    return this.subgraphs.checkHealth(this.loaded().engine.supergraph.subgraphs);
  }

  /** The subgraphs of the current supergraph, with the addresses that are actually called. */
  get subgraphAddresses(): readonly SubgraphAddress[] {
    return this.subgraphs.addressesOf(this.loaded().engine.supergraph.subgraphs);
  }

  /** Hits and misses of the plan cache. */
  get planCacheStatistics(): CacheStatistics {
    return this.loaded().engine.planCacheStatistics;
  }

  /** The results of `compareWith` so far; `undefined` without it. */
  get comparisonStatistics(): ComparisonStatistics | undefined {
    return this.comparison?.statistics;
  }

  /** The API schema of the current supergraph. */
  get schema(): GraphQLSchema {
    return this.loaded().engine.supergraph.apiSchema;
  }

  /**
   * Readies an operation to be run without Apollo Server, before any subgraph is asked: checks its variables, decides
   * what its viewer may see, and takes the plan for that. A promise where a policy has to be asked. Throws a GraphQLError
   * when the operation cannot be answered, and what a planner throws.
   */
  prepare(request: ValidRequest): ReadyRun | Promise<ReadyRun> {
    const version = this.versions.get(request.schema) ?? this.loaded();
    return version.engine.prepare(this.engineRequest(request, version));
  }

  /**
   * Like `prepare`, for a client that takes the response in parts: `ReadyParts` for an operation with something to
   * defer.
   */
  prepareParts(request: ValidRequest): ReadyRun | ReadyParts | Promise<ReadyRun | ReadyParts> {
    const version = this.versions.get(request.schema) ?? this.loaded();
    return version.engine.prepareParts(this.engineRequest(request, version));
  }

  /**
   * Readies a subscription to be opened without Apollo Server, as `prepare` readies other operations. A function that
   * gives the only response when there is nothing to open.
   */
  async subscribe(request: ValidRequest): Promise<ReadySubscription | ReadyRun> {
    const version = this.versions.get(request.schema) ?? this.loaded();
    return version.engine.subscribe(this.engineRequest(request, version), version.events);
  }

  private engineRequest(request: ValidRequest, { fetch }: Version): EngineRequest {
    // Listed one by one: spreading is measurably slower on this hot path.
    return {
      document: request.document,
      documentKey: request.documentKey,
      operationName: request.operationName,
      variables: request.variables,
      context: request.context,
      overrideLabels: request.overrideLabels ?? none,
      fetch,
      mapProblem: this.mapProblem,
      caller: this.callerIn(request.contextValue),
      onPlan: request.onPlan,
    };
  }

  /**
   * The executor for Apollo Server, which needs the data as objects: its plugins may read them before it serializes
   * them.
   */
  private async executeIncoming(
    incoming: GatewayGraphQLRequestContext,
  ): Promise<GatewayExecutionResult> {
    const { request, document, queryHash, context } = incoming;
    const opening = openingIn(context);
    if (opening && incoming.operation.operation === OperationTypeNode.SUBSCRIPTION)
      return this.readyIncoming(incoming, opening);
    const { engine, fetch } = this.versions.get(incoming.schema) ?? this.loaded();
    const labels = engine.supergraph.overrideLabels;
    const headers = request.http?.headers;
    let plan: QueryPlan | undefined;
    try {
      const { data, errors, cacheHint, extensions } = await engine.execute({
        document,
        documentKey: queryHash,
        operationName: request.operationName,
        variables: request.variables ?? {},
        overrideLabels: this.labelsFor(context, labels),
        context: this.contextOf(incoming),
        fetch,
        mapProblem: this.mapProblem,
        caller: this.callerIn(context),
        onPlan: (chosen) => {
          plan = chosen;
        },
      });
      // With buildService, the data sources restrict the policy themselves.
      if (cacheHint && !this.options.buildService) {
        restrictCachePolicy(incoming.overallCachePolicy, cacheHint);
      }
      const result: Mutable<GatewayExecutionResult> = {};
      if (data !== undefined) result.data = data;
      if (errors) result.errors = errors;
      if (extensions) result.extensions = { ...extensions };
      if (plan && this.options.exposeQueryPlan === true && wantsQueryPlan(headers)) {
        result.extensions = { ...extensions, ...queryPlanExtensions(plan, headers) };
      }
      return result;
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
  }

  /** Readies a subscription for a handler that opens it; Apollo Server gets a result without data. */
  private async readyIncoming(
    incoming: GatewayGraphQLRequestContext,
    opening: Opening,
  ): Promise<GatewayExecutionResult> {
    const { request, document, queryHash, context, schema } = incoming;
    const labels = this.loaded().engine.supergraph.overrideLabels;
    const valid: ValidRequest = {
      document,
      documentKey: queryHash,
      operationName: request.operationName,
      variables: request.variables ?? {},
      context: this.contextOf(incoming),
      contextValue: context,
      schema,
      overrideLabels: this.labelsFor(context, labels),
    };
    try {
      const ready = await this.subscribe(valid);
      if (typeof ready !== 'function') {
        opening.opened = { ready, request: valid };
        return { data: null };
      }
      const { json, errors } = await ready((error) => error.toJSON());
      const { data } = JSON.parse(json) as GatewayExecutionResult;
      return { ...(data !== undefined && { data }), ...(errors && { errors }) };
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
  }

  private labelsFor(
    context: GatewayGraphQLRequestContext['context'],
    labels: readonly string[],
  ): Iterable<string> {
    return labels.length > 0 ? (this.options.overrideLabels?.({ context, labels }) ?? none) : none;
  }

  /** Writes what a handler of subscriptions did not expect to the log. */
  report(error: unknown): void {
    this.log.error(`A subscription failed: ${messageOf(error)}`);
  }

  /** Whether data sources call the subgraphs: they cannot open events. */
  get usesDataSources(): boolean {
    return this.options.buildService !== undefined;
  }

  /** Throws when authentication is required and missing. */
  private callerIn(contextValue: unknown): (() => Caller) | undefined {
    const { access } = this.options;
    if (!access) return undefined;
    const context = contextValue as GatewayGraphQLRequestContext['context'];
    if (access.requireAuthentication !== true) return () => callerOf(context, access);
    const caller = callerOf(context, access);
    if (!caller.isAuthenticated) throw authenticationRequiredError();
    return () => caller;
  }

  private contextOf(incoming: GatewayGraphQLRequestContext): RequestContext {
    const { requestContext, subgraphHeaders } = this.options;
    if (requestContext) return requestContext(incoming);
    const { context } = incoming;
    return {
      cancellation: undefined,
      deadlineAt: undefined,
      correlationId: undefined,
      headersFor: subgraphHeaders
        ? (subgraph) => Object.entries(subgraphHeaders({ context, subgraph })).flat()
        : withoutHeaders,
      incoming,
    };
  }

  private async initialSupergraph(): Promise<string> {
    const { supergraphSdl } = this.options;
    if (typeof supergraphSdl === 'string') return supergraphSdl;
    const initialize =
      typeof supergraphSdl === 'function'
        ? supergraphSdl
        : supergraphSdl.initialize.bind(supergraphSdl);
    const initial = await initialize({
      update: (sdl) => {
        this.update(sdl);
      },
      updateInSlices: (sdl) => this.updateInSlices(sdl),
      healthCheck: async (sdl) => {
        await this.subgraphs.checkHealth(readSupergraph(sdl).subgraphs);
      },
      getDataSource: (definition) => this.subgraphs.dataSource(definition),
    });
    this.cleanup = initial.cleanup;
    return initial.supergraphSdl;
  }

  /** Replaces the current supergraph. Throws, and changes nothing, when the new one cannot be served. */
  private update(sdl: string): void {
    runAtOnce(this.updateSteps(sdl));
  }

  private updateInSlices(sdl: string): Promise<void> {
    return runInSlices(this.updateSteps(sdl));
  }

  private *updateSteps(sdl: string): Sliced<void> {
    this.expectServing();
    const order = (this.updates += 1);
    if (this.current?.engine.supergraph.sdl === sdl) {
      this.served = order;
      return;
    }
    const supergraph = yield* readSupergraphInSlices(sdl);
    this.options.checkSubgraphs?.(this.subgraphs.addressesOf(supergraph.subgraphs));
    const next = this.versionOf(supergraph);
    yield;
    this.expectServing();
    if (order < this.served) return;
    this.served = order;
    const previous = this.current;
    const { plannerName } = next.engine;
    this.versions.set(supergraph.apiSchema, next);
    this.current = next;
    this.log.info(
      `Serving a supergraph of ${supergraph.subgraphs.length} subgraphs with the ${plannerName} planner.`,
    );
    this.notify(supergraph);
    if (previous) this.warm(next, previous);
    yield;
    this.warnOfUnenforced(supergraph);
  }

  private expectServing(): void {
    if (this.phase !== 'loading' && this.phase !== 'loaded')
      throw new Error(`Expected a gateway that is loading or loaded; this one is ${this.phase}.`);
  }

  private versionOf(supergraph: Supergraph): Version {
    const { queryPlannerConfig, planner = 'own' } = this.options;
    const engine = new SupergraphEngine(supergraph, {
      planner,
      queryPlannerConfig,
      planCacheBytesMax: this.options.planCacheBytesMax ?? defaultPlanCacheBytes,
      random: this.options.random ?? Math.random,
      access: this.options.access && {
        ...this.options.access,
        log: (message) => {
          this.log.info(message);
        },
      },
    });
    const { subgraphs } = supergraph;
    return {
      engine,
      fetch: this.subgraphs.fetchFor(subgraphs),
      events: this.eventsOf(supergraph),
    };
  }

  private eventsOf(supergraph: Supergraph): EventSource {
    const subgraphs = this.subgraphs.eventsFor(supergraph.subgraphs);
    if (this.channels) return this.channels.sourceFor(supergraph, subgraphs);
    const fields = [...supergraph.events.fields.keys()].join(', ');
    if (fields !== '') {
      this.log.warn(`No channels are configured: the subscriptions ${fields} have no events.`);
    }
    return subgraphs;
  }

  private notify({ apiSchema, sdl }: Supergraph): void {
    for (const listener of this.listeners) {
      try {
        listener({ apiSchema, coreSupergraphSdl: sdl });
      } catch (error) {
        if (this.phase === 'loading' && isDuplicateGraphqlError(error))
          throw duplicateGraphqlError(error);
        this.log.error(
          `A schema listener failed; the new supergraph is served anyway: ${messageOf(error)}`,
        );
      }
    }
  }

  private warnOfUnenforced({ document, features }: Supergraph): void {
    const { access, enforcedDirectives = [] } = this.options;
    const isEnforcing = access && access.enabled !== false && access.dryRun !== true;
    const enforced = new Set([...enforcedDirectives, ...(isEnforcing ? accessDirectives : [])]);
    for (const { name, uses, consequence } of unenforcedDirectives(document, features, enforced)) {
      this.log.warn(
        `NOT ENFORCED: the supergraph uses @${name} ${uses === 1 ? 'once' : `${uses} times`}; ${consequence}.`,
      );
    }
  }

  private warm(next: Version, previous: Version): void {
    const count = this.options.warmedOperations ?? defaultWarmedOperations;
    const isWanted = (): boolean => this.current === next && this.phase === 'loaded';
    next.engine.warm(previous.engine, count, isWanted).catch((error: unknown) => {
      this.log.error(`Planning ahead on a new supergraph failed: ${messageOf(error)}`);
    });
  }

  private async release(): Promise<void> {
    try {
      await this.cleanup?.();
    } catch (error) {
      this.log.error(`The cleanup of the supergraph's source failed: ${messageOf(error)}`);
    }
    await this.subgraphs.close();
  }

  private loaded(): Version {
    if (!this.current)
      throw new Error('Expected a gateway that has loaded its supergraph; call load() first.');
    return this.current;
  }
}

function channelEventsOf({
  channels,
  channelsReconnectMs: reconnectMs = defaultReconnectMs,
  http,
}: SupergraphGatewayOptions): ChannelEvents | undefined {
  const { timeoutMs: openMs, maxResponseBytes: maxEventBytes } = { ...httpClientDefaults, ...http };
  return channels && new ChannelEvents({ channels, openMs, reconnectMs, maxEventBytes });
}

/** What is needed to serve one supergraph. */
interface Version {
  readonly engine: SupergraphEngine;
  readonly fetch: SubgraphFetch;
  readonly events: EventSource;
}

const accessDirectives = ['authenticated', 'requiresScopes', 'policy'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const defaultPlanCacheBytes = 32 * 1024 * 1024;
const defaultWarmedOperations = 200;
const defaultReconnectMs = 30_000;
const none: readonly string[] = [];

function withoutHeaders(): readonly string[] {
  return none;
}

/** Apollo Server passes a policy, but the interface package does not declare its type. */
function restrictCachePolicy(policy: unknown, hint: CacheHint): void {
  if (typeof policy === 'object' && policy !== null && 'restrict' in policy) {
    (policy as GatewayCachePolicy).restrict(hint);
  }
}
