import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import {
  type DocumentNode,
  executeSync,
  type GraphQLFormattedError,
  graphql,
  type GraphQLSchema,
  parse,
} from 'graphql';
import { passReportedErrors } from '../../../gateway/execution/problem-mapper.ts';
import type { SubgraphFetch } from '../../../gateway/fetching/types.ts';
import type { PlannerChoice } from '../../../gateway/planning/choose.ts';
import { planAsText } from '../../../gateway/planning/print-plan.ts';
import { readSupergraph, type Supergraph } from '../../../gateway/planning/supergraph.ts';
import { SupergraphEngine } from '../../../gateway/supergraph-engine.ts';
import { compose, linkFederation } from '../federation.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import type { GeneratedOperation } from './operation-generator.ts';
import {
  allowNulls,
  type InWorld,
  resolveInWorld,
  subgraphSchema,
  visibleArguments,
} from './schemas.ts';
import { World, type WorldOptions } from './world.ts';

/** An answer as far as it is compared. */
export interface Answer {
  /** `data` as JSON text, so that the order of fields counts. */
  readonly data: string;
  /** The paths of `errors`; `undefined` for an error without one. */
  readonly errorPaths: readonly ErrorPath[];
  readonly messages: readonly string[];
}

export type ErrorPath = readonly (string | number)[] | undefined;

/** An answer of the schema over everything, and what it would be if every field could be null. */
export interface ExpectedAnswer extends Answer {
  readonly withoutPropagation: unknown;
}

/** A way for the engine to answer an operation: with this planner, as objects or as the text of a response. */
export type Contestant = PlannerChoice | `${PlannerChoice} as text`;

/** One supergraph whose operations can be answered by the engine, by ApolloGateway and by one schema over everything. */
export class Oracle {
  readonly apiSchema: GraphQLSchema;
  private readonly catalog: Catalog;
  private readonly lenientSchema: GraphQLSchema;
  private readonly subgraphs: ReadonlyMap<string, GraphQLSchema>;
  private readonly supergraph: Supergraph;
  private readonly engines = new Map<PlannerChoice, SupergraphEngine>();
  private readonly supergraphSdl: string;
  private gateway: Promise<GatewayExecutor> | undefined;

  /** Takes subgraph schemas by name, without the federation link. */
  constructor(schemas: Readonly<Record<string, string>>) {
    this.supergraphSdl = compose(schemas);
    this.catalog = readCatalog(schemas);
    this.apiSchema = apiSchemaOf(this.supergraphSdl);
    this.lenientSchema = apiSchemaOf(this.supergraphSdl);
    allowNulls(this.lenientSchema);
    const isVisible = visibleArguments(this.apiSchema);
    for (const schema of [this.apiSchema, this.lenientSchema])
      resolveInWorld(schema, undefined, isVisible);
    this.subgraphs = new Map(
      Object.entries(schemas).map(([name, schema]) => [
        name,
        subgraphSchema(name, linkFederation + schema, isVisible),
      ]),
    );
    this.supergraph = readSupergraph(this.supergraphSdl);
  }

  /** What the GraphQL specification says, as graphql-js carries it out. */
  expect({ text, variables }: GeneratedOperation, world: WorldOptions): ExpectedAnswer {
    const document = parse(text);
    const execute = (schema: GraphQLSchema): Plain =>
      plain(
        executeSync({
          schema,
          document,
          variableValues: variables,
          contextValue: this.enter(world),
        }),
      );
    const result = execute(this.apiSchema);
    const withoutPropagation = result.errors ? execute(this.lenientSchema).data : undefined;
    return { ...answerOf(result), withoutPropagation };
  }

  /** What the engine answers. */
  async ask(
    contestant: Contestant,
    { text, variables }: GeneratedOperation,
    world: WorldOptions,
  ): Promise<Answer> {
    const request = {
      document: parse(text),
      documentKey: text,
      operationName: undefined,
      variables,
      overrideLabels: [],
      context: {
        cancellation: undefined,
        deadlineAt: undefined,
        correlationId: undefined,
        headersFor: () => [],
        incoming: undefined,
      },
      fetch: this.fetchIn(this.enter(world)),
      mapProblem: passReportedErrors,
    };
    const engine = this.engineOf(contestant);
    if (!contestant.endsWith(' as text')) return answerOf(plain(await engine.execute(request)));
    const { json } = await engine.executeToJson(request, (error) => error.toJSON());
    return answerOf(JSON.parse(json) as Plain);
  }

  /** What ApolloGateway answers. */
  async askApolloGateway(
    { text, variables }: GeneratedOperation,
    world: WorldOptions,
  ): Promise<Answer> {
    this.gateway ??= loadApolloGateway(this.supergraphSdl, this.subgraphs);
    const execute = await this.gateway;
    return answerOf(plain(await execute(text, variables, this.enter(world))));
  }

  /** The plan by which a contestant answers, for the report of a difference. */
  planText(contestant: Contestant, { text, variables }: GeneratedOperation): string {
    const request = {
      document: parse(text),
      documentKey: text,
      operationName: undefined,
      variables,
      overrideLabels: [],
    };
    return planAsText(this.engineOf(contestant).planFor(request));
  }

  private engineOf(contestant: Contestant): SupergraphEngine {
    const planner = contestant.replace(' as text', '') as PlannerChoice;
    let engine = this.engines.get(planner);
    if (!engine) {
      engine = new SupergraphEngine(this.supergraph, {
        planner,
        queryPlannerConfig: undefined,
        planCacheBytesMax: 2 ** 24,
        random: () => 0,
      });
      this.engines.set(planner, engine);
    }
    return engine;
  }

  private enter(options: WorldOptions): InWorld {
    return { world: new World(this.catalog, options) };
  }

  private fetchIn(contextValue: InWorld): SubgraphFetch {
    return async ({ subgraph, body }) => {
      const { query, operationName, variables } = JSON.parse(body) as {
        query: string;
        operationName?: string;
        variables?: Record<string, unknown>;
      };
      const schema = this.subgraphs.get(subgraph);
      if (!schema) throw new Error(`Expected a subgraph; got "${subgraph}".`);
      const result = await graphql({
        schema,
        source: query,
        operationName,
        variableValues: variables,
        contextValue,
      });
      return { body: JSON.stringify(result), cacheControl: undefined };
    };
  }
}

interface Plain {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
}

type GatewayExecutor = (
  query: string,
  variables: Readonly<Record<string, unknown>>,
  context: InWorld,
) => Promise<unknown>;

function answerOf({ data, errors = [] }: Plain): Answer {
  return {
    data: JSON.stringify(data),
    errorPaths: errors.map(({ path }) => path),
    messages: errors.map(({ message }) => message),
  };
}

function plain(result: unknown): Plain {
  const { data, errors } = result as Plain;
  return JSON.parse(JSON.stringify({ data, errors })) as Plain;
}

/** By Apollo's own reading of the supergraph, so that a mistake in ours would show. */
function apiSchemaOf(supergraphSdl: string): GraphQLSchema {
  const { Supergraph } = createRequire(import.meta.url)(
    '@apollo/federation-internals',
  ) as typeof FederationInternals;
  return Supergraph.build(supergraphSdl, { supportedFeatures: null })
    .apiSchema()
    .toGraphQLJSSchema();
}

async function loadApolloGateway(
  supergraphSdl: string,
  subgraphs: ReadonlyMap<string, GraphQLSchema>,
): Promise<GatewayExecutor> {
  // Read when the gateway is constructed: without it, it looks for cloud metadata and reports home.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger,
    buildService: ({ name }) => {
      const schema = subgraphs.get(name);
      if (!schema) throw new Error(`Expected a subgraph; got "${name}".`);
      return new LocalGraphQLDataSource(schema);
    },
  });
  const { executor } = await gateway.load();
  return (query, variables, context) => {
    const document: DocumentNode = parse(query);
    return executor({
      request: { query, variables },
      document,
      queryHash: query,
      source: query,
      operationName: null,
      context,
      metrics: {},
      logger,
    } as never);
  };
}

function ignore(): void {
  // What ApolloGateway logs is in its answer as well.
}
