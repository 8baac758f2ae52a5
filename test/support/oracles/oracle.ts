import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import {
  type DocumentNode,
  executeSync,
  type GraphQLFormattedError,
  graphql,
  type GraphQLSchema,
  isInterfaceType,
  isUnionType,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';
import { messageOf } from '../../../common/errors.ts';
import { passReportedErrors } from '../../../gateway/execution/problem-mapper.ts';
import type { SubgraphFetch } from '../../../gateway/fetching/types.ts';
import type { PlannerChoice } from '../../../gateway/planning/choose.ts';
import { planAsText } from '../../../gateway/planning/print-plan.ts';
import {
  type SeparatedRequirements,
  separateRequirements,
} from '../../../gateway/planning/requirement-arguments.ts';
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
  /** The types that are a part of an interface which is an object in some subgraph. */
  private readonly narrowing: ReadonlySet<string>;
  private readonly requirements: SeparatedRequirements | undefined;
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
    this.narrowing = narrowingTypes(this.supergraph.document, this.apiSchema);
    this.requirements = separateRequirements(this.supergraph.document);
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
    return planAsText(this.engineOf(contestant).planFor(planRequest(text, variables)));
  }

  /** Why the native planner does not plan the operation; `undefined` when it does. Throws whatever else it throws. */
  nativeRefusal(operation: GeneratedOperation): string | undefined {
    try {
      this.planText('native', operation);
      return undefined;
    } catch (error) {
      // Not by class: errors of native code are not those of a test's own realm.
      const message = messageOf(error);
      if (message.includes('Failed to plan query')) return 'it refuses';
      if (message.includes('The native planner must not see it')) return 'it would end the process';
      throw error;
    }
  }

  /** True when fields of the operation may require one field with different arguments. */
  hasMixedRequirements({ text }: GeneratedOperation): boolean {
    return this.requirements?.areMixedIn(parse(text)) === true;
  }

  /** True when Apollo's planner gives fields other keys on the way to a subgraph. */
  renamesFields({ text, variables }: GeneratedOperation): boolean {
    const plan = this.engineOf('apollo').planFor(planRequest(text, variables));
    return JSON.stringify(plan).includes('"kind":"rename"');
  }

  /** True when a type condition tells objects apart that are all of one type for a subgraph (`@interfaceObject`). */
  narrowsInterfaceObject({ text }: GeneratedOperation): boolean {
    let isFound = false;
    visit(parse(text), {
      NamedType: ({ name }) => {
        isFound ||= this.narrowing.has(name.value);
      },
    });
    return isFound;
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

function planRequest(
  text: string,
  variables: Readonly<Record<string, unknown>>,
): Parameters<SupergraphEngine['planFor']>[0] {
  return {
    document: parse(text),
    documentKey: text,
    operationName: undefined,
    variables,
    overrideLabels: [],
  };
}

function narrowingTypes(supergraph: DocumentNode, schema: GraphQLSchema): ReadonlySet<string> {
  const found = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInterfaceType(type)) continue;
    const definition = supergraph.definitions.find(
      (each) => each.kind === Kind.INTERFACE_TYPE_DEFINITION && each.name.value === type.name,
    );
    if (!definition || !print(definition).includes('isInterfaceObject: true')) continue;
    for (const possible of schema.getPossibleTypes(type)) {
      found.add(possible.name);
      for (const around of Object.values(schema.getTypeMap())) {
        const isAround = isUnionType(around) && schema.isSubType(around, possible);
        if (isAround) found.add(around.name);
      }
    }
  }
  return found;
}

interface Plain {
  readonly data?: unknown;
  readonly errors?: readonly Partial<GraphQLFormattedError>[];
}

type GatewayExecutor = (
  query: string,
  variables: Readonly<Record<string, unknown>>,
  context: InWorld,
) => Promise<unknown>;

function answerOf({ data, errors = [] }: Plain): Answer {
  return {
    data: data === undefined ? 'null' : JSON.stringify(data),
    errorPaths: errors.map(({ path }) => path),
    // ApolloGateway has errors without one.
    messages: errors.map(({ message = '' }) => message),
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
