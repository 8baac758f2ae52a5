import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import {
  type DocumentNode,
  executeSync,
  type GraphQLFormattedError,
  type GraphQLSchema,
  isInterfaceType,
  isUnionType,
  Kind,
  parse,
  print,
  validate,
  visit,
} from 'graphql';
import type { SubgraphFetch } from '../../../engine/fetching/types.ts';
import {
  type EngineRequest,
  SupergraphEngine,
} from '../../../engine/operation/supergraph-engine.ts';
import type { PlannerChoice } from '../../../engine/planning/choose.ts';
import { percentOf } from '../../../engine/planning/override-labels.ts';
import { planAsText } from '../../../engine/planning/print-plan.ts';
import { readSupergraph, type Supergraph } from '../../../engine/supergraph/supergraph.ts';
import { engineRequest, planOf } from '../engine-request.ts';
import { compose, linkFederation } from '../federation.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import { type GatewayExecutor, loadApolloGateway } from './load-apollo-gateway.ts';
import { type SeparatedRequirements, separateRequirements } from './mixed-requirements.ts';
import { createNativePlanner, type NativePlace } from './native-planner.ts';
import type { GeneratedOperation } from './operation-generator.ts';
import {
  allowNulls,
  type InWorld,
  resolveInWorld,
  subgraphSchema,
  visibleArguments,
} from './schemas.ts';
import { Subgraphs } from './subgraphs.ts';
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

/** An answer of the engine, and what the subgraphs were asked for it. */
export interface EngineAnswer extends Answer {
  /** The requests that are not valid on the schema of their subgraph, each with the reason. */
  readonly refused: readonly string[];
  /** How many requests were sent. */
  readonly requests: number;
}

/** An answer of the schema over everything, and what it would be if every field could be null. */
export interface ExpectedAnswer extends Answer {
  readonly withoutPropagation: unknown;
}

/** A planner that is compared: ours, and others that are installed for the comparison only. */
export type ComparedPlanner = PlannerChoice | 'native';

/** A way for the engine to answer an operation: with this planner, as objects or as the text of a response. */
export type Contestant = ComparedPlanner | `${ComparedPlanner} as text`;

/** Subgraphs, and the supergraph that they make. */
export interface Shape {
  /** Schemas by the name of the subgraph, without the federation link. */
  readonly schemas: Readonly<Record<string, string>>;
  /** What composition made of them elsewhere: earlier, or where this one does not compose their version of Federation. */
  readonly supergraphSdl?: string;
  /** In which version of Federation the schemas are written; default: 1 where `supergraphSdl` is given. */
  readonly federation?: 1 | 2;
  /** Planners with known mistakes that also give wrong answers here: those are counted only. */
  readonly isBeyond?: readonly ComparedPlanner[];
  /** Why ApolloGateway is not asked at all. */
  readonly withoutApolloGateway?: string;
}

/** One supergraph whose operations can be answered by the engine, by ApolloGateway and by one schema over everything. */
export class Oracle {
  readonly apiSchema: GraphQLSchema;
  private readonly catalog: Catalog;
  private readonly lenientSchema: GraphQLSchema;
  private readonly subgraphs: Subgraphs;
  readonly supergraph: Supergraph;
  /** The types that are a part of an interface which is an object in some subgraph. */
  private readonly narrowing: ReadonlySet<string>;
  private readonly requirements: SeparatedRequirements | undefined;
  private readonly engines = new Map<ComparedPlanner, SupergraphEngine>();
  readonly supergraphSdl: string;
  private gateway: Promise<GatewayExecutor> | undefined;

  private draw = 0;

  private readonly native: NativePlace;

  /**
   * Throws with every composition error where the subgraphs do not compose. The native planner runs in a process for each
   * operation unless this process was started for it.
   */
  constructor(
    { schemas, supergraphSdl, federation = supergraphSdl === undefined ? 2 : 1 }: Shape,
    native: NativePlace = 'elsewhere',
  ) {
    this.native = native;
    this.supergraphSdl = supergraphSdl ?? compose(schemas);
    const head = federation === 2 ? linkFederation : '';
    this.catalog = readCatalog(schemas);
    const apiSchema = apiSchemaOf(this.supergraphSdl);
    this.apiSchema = apiSchema.toGraphQLJSSchema();
    this.lenientSchema = apiSchema.toGraphQLJSSchema();
    allowNulls(this.lenientSchema);
    const isVisible = visibleArguments(this.apiSchema);
    for (const schema of [this.apiSchema, this.lenientSchema])
      resolveInWorld(schema, undefined, isVisible);
    this.subgraphs = new Subgraphs(
      new Map(
        Object.entries(schemas).map(([name, schema]) => [
          name,
          subgraphSchema(name, head + schema, isVisible),
        ]),
      ),
    );
    this.supergraph = readSupergraph(this.supergraphSdl);
    this.narrowing = narrowingTypes(this.supergraph.document, this.apiSchema);
    this.requirements = separateRequirements(this.supergraph.document);
  }

  /** What the GraphQL specification says, as graphql-js carries it out. */
  expect({ text, variables }: GeneratedOperation, world: WorldOptions): ExpectedAnswer {
    return this.expectOf(parse(text), variables, world);
  }

  expectOf(
    document: DocumentNode,
    variables: GeneratedOperation['variables'],
    world: WorldOptions,
  ): ExpectedAnswer {
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

  /** Reaches the subgraphs in one world; requests that are not valid on the schema of their subgraph are told. */
  fetchIn(world: WorldOptions, refused: (finding: string) => void): SubgraphFetch {
    return this.subgraphs.fetchIn(this.enter(world), refused);
  }

  isValid({ text }: GeneratedOperation): boolean {
    try {
      return validate(this.apiSchema, parse(text)).length === 0;
    } catch {
      return false;
    }
  }

  /** The labels of progressive `@override`. */
  get labels(): readonly string[] {
    return this.catalog.labels;
  }

  /** The response keys of an operation whose fields are worked out from others, of the same object or of those around. */
  dependentKeys({ text }: GeneratedOperation): {
    readonly dependentKeys: ReadonlySet<string>;
    readonly contextKeys: ReadonlySet<string>;
  } {
    const { dependentFields, contextFields } = this.catalog;
    const dependentKeys = new Set<string>();
    const contextKeys = new Set<string>();
    visit(parse(text), {
      Field: ({ name, alias }) => {
        if (dependentFields.has(name.value)) dependentKeys.add((alias ?? name).value);
        if (contextFields.has(name.value)) contextKeys.add((alias ?? name).value);
      },
    });
    return { dependentKeys, contextKeys };
  }

  /** What the engine answers. */
  async ask(
    contestant: Contestant,
    { text, variables }: GeneratedOperation,
    world: WorldOptions,
  ): Promise<EngineAnswer> {
    const refused: string[] = [];
    let requests = 0;
    const fetch = this.fetchIn(world, (finding) => refused.push(finding));
    const request = engineRequest(text, {
      variables,
      overrideLabels: world.labels ?? [],
      fetch: (call) => {
        requests += 1;
        return fetch(call);
      },
    });
    const engine = this.engineOf(contestant);
    this.draw = drawOf(world);
    const answer = contestant.endsWith(' as text')
      ? (JSON.parse(await textOf(engine, request)) as Plain)
      : plain(await engine.execute(request));
    return { ...answerOf(answer), refused, requests };
  }

  /** What ApolloGateway answers. */
  async askApolloGateway(
    { text, variables }: GeneratedOperation,
    world: WorldOptions,
  ): Promise<Answer> {
    this.gateway ??= loadApolloGateway(this.supergraphSdl, this.subgraphs.schemas);
    const execute = await this.gateway;
    return answerOf(plain(await execute(text, variables, this.enter(world))));
  }

  /** The plan by which a contestant answers, for the report of a difference. */
  planText(
    contestant: Contestant,
    { text, variables }: GeneratedOperation,
    world?: WorldOptions,
  ): string {
    if (world) this.draw = drawOf(world);
    const request = engineRequest(text, { variables, overrideLabels: world?.labels ?? [] });
    return planAsText(planOf(this.engineOf(contestant), request));
  }

  /** True when fields of the operation may require one field with different arguments. */
  hasMixedRequirements({ text }: GeneratedOperation): boolean {
    return this.requirements?.areMixedIn(parse(text)) === true;
  }

  /** True when Apollo's planner gives fields other keys on the way to a subgraph. */
  renamesFields({ text, variables }: GeneratedOperation): boolean {
    const plan = planOf(this.engineOf('apollo'), engineRequest(text, { variables }));
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
    const planner = contestant.replace(' as text', '') as ComparedPlanner;
    let engine = this.engines.get(planner);
    if (!engine) {
      engine = new SupergraphEngine(this.supergraph, {
        planner:
          planner === 'native'
            ? (supergraph) => createNativePlanner(supergraph, this.native)
            : planner,
        // It takes seconds for some operations otherwise; what it answers is the same.
        queryPlannerConfig: { debug: { maxEvaluatedPlans: 50 } },
        planCacheBytesMax: 2 ** 24,
        random: () => this.draw,
      });
      this.engines.set(planner, engine);
    }
    return engine;
  }

  private enter(options: WorldOptions): InWorld {
    return { world: new World(this.catalog, options) };
  }
}

/** The draw with which the percentages among the labels are active, and no others. */
export function drawOf({ labels = [] }: WorldOptions): number {
  const active = labels.flatMap((label) => percentOf(label) ?? []);
  // Pass a number just below the lowest active n, so that every active percent(n) matches.
  return active.length === 0 ? 1 : Math.min(...active) / 100 - 1e-9;
}

async function textOf(engine: SupergraphEngine, request: EngineRequest): Promise<string> {
  const run = await engine.prepare(request);
  return (await run((error) => error.toJSON())).json;
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

/** A response. */
interface Plain {
  readonly data?: unknown;
  readonly errors?: readonly Partial<GraphQLFormattedError>[];
}

export function answerOf({ data, errors = [] }: Plain): Answer {
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
function apiSchemaOf(supergraphSdl: string): FederationInternals.Schema {
  const { Supergraph } = createRequire(import.meta.url)(
    '@apollo/federation-internals',
  ) as typeof FederationInternals;
  return Supergraph.build(supergraphSdl, { supportedFeatures: null }).apiSchema();
}
