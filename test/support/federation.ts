import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { graphql, type GraphQLSchema, parse } from 'graphql';
import type { Caller } from '../../engine/access/decide.ts';
import type { QueryPlan } from '../../engine/execution/plan.ts';
import type { SubgraphFetch, SubgraphRequest } from '../../engine/fetching/types.ts';
import type { EnforcementSettings } from '../../engine/operation/operation-access.ts';
import { type EngineRequest, SupergraphEngine } from '../../engine/operation/supergraph-engine.ts';
import type { PlannerChoice } from '../../engine/planning/choose.ts';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { engineRequest, planOf } from './engine-request.ts';

/** A subgraph of a test: its schema without the federation link, and its resolvers by type. */
export interface TestSubgraph {
  readonly schema: string;
  readonly resolvers?: Readonly<Record<string, unknown>>;
}

/** Subgraphs by name. */
export type TestSubgraphs = Readonly<Record<string, TestSubgraph>>;

/** One operation as it reached a subgraph. */
export interface RecordedCall {
  readonly subgraph: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An answer as a client reads it: plain JSON. */
export interface PlainAnswer {
  readonly data?: unknown;
  readonly errors?: readonly PlainError[];
  readonly extensions?: unknown;
}

export interface PlainError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** How a test asks. */
export interface Asking {
  readonly planner?: PlannerChoice;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** Wraps the fetch that reaches the subgraphs. */
  readonly fetch?: (fetch: SubgraphFetch) => SubgraphFetch;
  readonly overrideLabels?: readonly string[];
  /** Who asks, for a federation with access. */
  readonly caller?: Caller;
  /** The draw for `@override(label: "percent(n)")`, from 0 up to 1. */
  readonly random?: () => number;
}

/** The planners that have to be right, for `it.each`. */
export const planners = ['own'] as const satisfies readonly PlannerChoice[];

/** What every subgraph schema of a test begins with. */
export const linkFederation = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key" "@shareable" "@requires" "@provides" "@external" "@override" "@inaccessible" "@interfaceObject" "@tag"
    "@context" "@fromContext" "@authenticated" "@requiresScopes" "@policy" "@cost" "@listSize" "@extends"
  ])
`;

/** Composes subgraph schemas; throws with every composition error. */
export function compose(schemas: Readonly<Record<string, string>>): string {
  const services = Object.entries(schemas).map(([name, schema]) => ({
    name,
    url: `http://${name}.test/graphql`,
    typeDefs: parse(linkFederation + schema),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** A fetch that executes subgraph schemas in this process, through JSON text as over HTTP. */
function inProcessFetch(
  schemas: ReadonlyMap<string, GraphQLSchema>,
  calls: RecordedCall[] = [],
): SubgraphFetch {
  return async ({ subgraph, body }: SubgraphRequest) => {
    const { query, operationName, variables } = JSON.parse(body) as {
      query: string;
      operationName?: string;
      variables?: Record<string, unknown>;
    };
    const schema = schemas.get(subgraph);
    if (!schema)
      throw new Error(`Expected a subgraph of the test; got a request for "${subgraph}".`);
    calls.push({ subgraph, query, variables: variables ?? {} });
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables,
      operationName,
    });
    return { body: JSON.stringify(result), cacheControl: undefined };
  };
}

/** A supergraph of in-process subgraphs that can be asked with each planner, and through ApolloGateway. */
export class Federation {
  readonly supergraphSdl: string;
  readonly calls: RecordedCall[] = [];
  /** The executable schemas of the subgraphs, by name. */
  readonly schemas: ReadonlyMap<string, GraphQLSchema>;
  private readonly engines = new Map<PlannerChoice, SupergraphEngine>();
  private readonly access: EnforcementSettings | undefined;
  private random: () => number = () => 0;
  private gateway: ReturnType<typeof loadApolloGateway> | undefined;

  /** With `access`, the access directives of the subgraphs are enforced. */
  constructor(subgraphs: TestSubgraphs, access?: EnforcementSettings) {
    this.access = access;
    const entries = Object.entries(subgraphs);
    this.supergraphSdl = compose(
      Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
    );
    this.schemas = new Map(
      entries.map(([name, { schema, resolvers }]) => {
        const resolverMap = (resolvers ?? {}) as GraphQLResolverMap<unknown>;
        return [
          name,
          buildSubgraphSchema([
            { typeDefs: parse(linkFederation + schema), resolvers: resolverMap },
          ]),
        ];
      }),
    );
  }

  /** Runs an operation on our engine. */
  async ask(query: string, asking: Asking = {}): Promise<PlainAnswer> {
    const { data, errors, extensions } = await this.engineFor(asking).execute(
      this.request(query, asking),
    );
    return plain({ data, errors, extensions });
  }

  /** Runs an operation on our engine, to the text of its response. */
  async askForText(query: string, asking: Asking = {}): Promise<string> {
    const run = await this.engineFor(asking).prepare(this.request(query, asking));
    return (await run((error) => error.toJSON())).json;
  }

  /** The plan our engine makes. */
  plan(query: string, { planner = 'own', variables = {} }: Asking = {}): QueryPlan {
    return planOf(this.engine(planner), engineRequest(query, { variables }));
  }

  /** Runs an operation through ApolloGateway, on the same subgraphs. */
  async askApolloGateway(
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<PlainAnswer> {
    this.gateway ??= loadApolloGateway(this.supergraphSdl, this.schemas);
    const execute = await this.gateway;
    return plain(await execute(query, variables));
  }

  private request(query: string, asking: Asking): EngineRequest {
    const { variables = {}, operationName, overrideLabels = [], fetch = (next) => next } = asking;
    const { caller } = asking;
    return engineRequest(query, {
      operationName,
      variables,
      overrideLabels,
      fetch: fetch(inProcessFetch(this.schemas, this.calls)),
      caller: caller && (() => caller),
    });
  }

  private engineFor({ planner = 'own', random = () => 0 }: Asking): SupergraphEngine {
    this.random = random;
    return this.engine(planner);
  }

  private engine(planner: PlannerChoice): SupergraphEngine {
    let engine = this.engines.get(planner);
    if (!engine) {
      engine = new SupergraphEngine(readSupergraph(this.supergraphSdl), {
        planner,
        queryPlannerConfig: undefined,
        planCacheBytesMax: 2 ** 24,
        random: () => this.random(),
        access: this.access,
      });
      this.engines.set(planner, engine);
    }
    return engine;
  }
}

async function loadApolloGateway(
  supergraphSdl: string,
  schemas: ReadonlyMap<string, GraphQLSchema>,
): Promise<(query: string, variables: Record<string, unknown>) => Promise<unknown>> {
  // Read when the gateway is constructed: without it, it looks for cloud metadata and reports home.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  // Most tests do not ask it, and it takes long to load.
  const { ApolloGateway, LocalGraphQLDataSource } = await import('@apollo/gateway');
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: silent,
    buildService: ({ name }) => {
      const schema = schemas.get(name);
      if (!schema) throw new Error(`Expected a subgraph of the test; got "${name}".`);
      return new LocalGraphQLDataSource(schema);
    },
  });
  const { executor } = await gateway.load();
  return (query, variables) =>
    executor({
      request: { query, variables },
      document: parse(query),
      queryHash: query,
      source: query,
      operationName: null,
      context: {},
      metrics: {},
      logger: silent,
    } as never);
}

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // A test reads answers, not logs.
}

function plain(answer: unknown): PlainAnswer {
  return JSON.parse(JSON.stringify(answer)) as PlainAnswer;
}
