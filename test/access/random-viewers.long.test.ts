import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import {
  executeSync,
  type FragmentDefinitionNode,
  getNamedType,
  getOperationAST,
  graphql,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { SupergraphEngine } from '../../engine/operation/supergraph-engine.ts';
import type { PlannerChoice } from '../../engine/planning/choose.ts';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { callerWith } from '../support/callers.ts';
import { engineRequest } from '../support/engine-request.ts';
import { compose, linkFederation } from '../support/federation.ts';
import { readCatalog } from '../support/oracles/catalog.ts';
import {
  generateOperation,
  type GeneratedOperation,
} from '../support/oracles/operation-generator.ts';
import { createRandom } from '../support/oracles/random.ts';
import { resolveInWorld, subgraphSchema, visibleArguments } from '../support/oracles/schemas.ts';
import { World } from '../support/oracles/world.ts';
import { type MaySee, referenceAnswer } from './reference.ts';
import { guardedSubgraphs } from './supergraph.ts';

/** Random operations by random viewers. ACCESS_OPERATIONS and ACCESS_SEED allow a longer run. */
const operations = Number(process.env.ACCESS_OPERATIONS ?? 150);
const firstSeed = Number(process.env.ACCESS_SEED ?? 1);

describe.each(['apollo'] as const)(
  'random operations by random viewers, planned by %s',
  (planner) => {
    it('threat 36: are answered as without access, with null for what the viewer may not see', async () => {
      const theater = new Theater();
      let removals = 0;
      let compared = 0;
      for (let seed = firstSeed; seed < firstSeed + operations; seed += 1) {
        const operation = generateOperation(theater.apiSchema, seed);
        const viewer = viewerOf(seed);
        const expected = theater.expect(operation, viewer, seed);
        if (isDifferentMutation(operation, expected.removed)) continue;
        // A mistake of the engine for all viewers is not about access.
        const toAll = await theater.ask(planner, operation, everybody, seed);
        if (toAll.data !== theater.expect(operation, everybody, seed).data) continue;
        compared += 1;
        const actual = await theater.ask(planner, operation, viewer, seed);
        const found = { seed, operation, viewer: viewer.held };
        expect({ ...found, data: actual.data }).toEqual({ ...found, data: expected.data });
        expect({ ...found, codes: actual.codes }).toEqual({
          ...found,
          codes: actual.codes.map(() => refusalTo(viewer)),
        });
        expect({ ...found, untold: untold(expected.removed, actual.paths) }).toEqual({
          ...found,
          untold: [],
        });
        expect({ ...found, fetched: actual.forbidden }).toEqual({ ...found, fetched: [] });
        removals += expected.removed.length;
      }
      expect(compared).toBeGreaterThan(operations * 0.8);
      expect(removals).toBeGreaterThan(operations / 4);
    });
  },
);

interface Viewer {
  readonly held: readonly string[];
  readonly maySee: MaySee;
}

/** The requirements of each element of the supergraph, written again in another way. */
const rules: Readonly<Record<string, (has: (held: string) => boolean) => boolean>> = {
  Robot: (has) => has('known'),
  Diary: (has) => (has('seer') && has('friend')) || has('owner'),
  Secret: (has) => has('owner'),
  Rank: (has) => has('ranks'),
  'Mutation.rename': (has) => has('write'),
  'Person.wage': (has) => has('pay') || (has('write') && has('admin')),
  'Person.bonus': (has) => has('pay') || (has('write') && has('admin')),
  'Person.pulse': (has) => has('known'),
  'Person.jobs': (has) => has('known'),
  'Ghost.motto': (has) => has('seer'),
  'Ghost.friend': (has) => has('pay'),
  'Job.number': (has) => has('known'),
  'Job.seat': (has) => has('seer'),
};

const everything = ['known', 'pay', 'write', 'admin', 'ranks', 'seer', 'friend', 'owner'];
const everybody: Viewer = { held: everything, maySee: () => true };

function viewerOf(seed: number): Viewer {
  const random = createRandom(seed * 31 + 7);
  const held = everything.filter(() => random.chance(0.5));
  return {
    held,
    maySee: (coordinate) => rules[coordinate]?.((each) => held.includes(each)) ?? true,
  };
}

/** Anonymous viewers are asked to log in, others are forbidden. */
function refusalTo({ held }: Viewer): string {
  return held.includes('known') ? 'FORBIDDEN' : 'UNAUTHENTICATED';
}

/** The world counts mutations, so that responses depend on which of them are run. */
function isDifferentMutation({ text }: GeneratedOperation, removed: readonly string[]): boolean {
  return text.startsWith('mutation') && removed.some((path) => path.split('/').length === 2);
}

/** Removed places without an error at or above them. */
function untold(removed: readonly string[], paths: readonly string[]): readonly string[] {
  return removed.filter(
    (place) => !paths.some((path) => place === path || place.startsWith(`${path}/`)),
  );
}

/** The supergraph with made-up data, run by the engine and by one schema over everything. */
class Theater {
  readonly apiSchema: GraphQLSchema;
  private readonly catalog = readCatalog(guardedSubgraphs);
  private readonly supergraphSdl = compose(guardedSubgraphs);
  private readonly subgraphs: ReadonlyMap<string, GraphQLSchema>;
  private readonly engines = new Map<PlannerChoice, SupergraphEngine>();

  constructor() {
    const { Supergraph } = createRequire(import.meta.url)(
      '@apollo/federation-internals',
    ) as typeof FederationInternals;
    this.apiSchema = Supergraph.build(this.supergraphSdl, { supportedFeatures: null })
      .apiSchema()
      .toGraphQLJSSchema();
    const isVisible = visibleArguments(this.apiSchema);
    resolveInWorld(this.apiSchema, undefined, isVisible);
    this.subgraphs = new Map(
      Object.entries(guardedSubgraphs).map(([name, schema]) => [
        name,
        subgraphSchema(name, linkFederation + schema, isVisible),
      ]),
    );
  }

  expect(
    { text, variables }: GeneratedOperation,
    { maySee }: Viewer,
    seed: number,
  ): { readonly data: string; readonly removed: readonly string[] } {
    const document = parse(text);
    const result = executeSync({
      schema: this.apiSchema,
      document: visit(document, {
        Field: (field) => {
          if (field.name.value.startsWith('__')) return false;
          const { selectionSet } = field;
          if (!selectionSet) return undefined;
          const selections = [...selectionSet.selections, typeField];
          return { ...field, selectionSet: { ...selectionSet, selections } };
        },
      }),
      variableValues: variables,
      contextValue: { world: new World(this.catalog, { seed, misfortune: 0 }) },
    });
    expect(result.errors).toBeUndefined();
    const operation = getOperationAST(document);
    if (!operation) throw new Error('Expected one operation.');
    const fragments = document.definitions.filter(
      (each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION,
    );
    const defaults = Object.fromEntries(
      (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
        defaultValue?.kind === Kind.BOOLEAN ? [[variable.name.value, defaultValue.value]] : [],
      ),
    );
    const { data, removed } = referenceAnswer({
      schema: this.apiSchema,
      operation,
      fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
      variables: { ...defaults, ...variables },
      maySee,
      data: JSON.parse(JSON.stringify(result.data)),
      typeKey,
    });
    return { data: JSON.stringify(data), removed };
  }

  async ask(
    planner: PlannerChoice,
    { text, variables }: GeneratedOperation,
    { held, maySee }: Viewer,
    seed: number,
  ): Promise<{
    readonly data: string;
    readonly codes: readonly unknown[];
    readonly paths: readonly string[];
    readonly forbidden: readonly string[];
  }> {
    const forbidden: string[] = [];
    const contextValue = { world: new World(this.catalog, { seed, misfortune: 0 }) };
    const run = await this.engine(planner).prepare(
      engineRequest(text, {
        variables,
        fetch: async ({ subgraph, body }) => {
          const { query, variables: given } = JSON.parse(body) as {
            query: string;
            variables?: Record<string, unknown>;
          };
          const schema = this.subgraphs.get(subgraph);
          if (!schema) throw new Error(`Expected a subgraph; got "${subgraph}".`);
          forbidden.push(...forbiddenIn(query, schema, maySee));
          const source = { schema, source: query, variableValues: given, contextValue };
          return { body: JSON.stringify(await graphql(source)), cacheControl: undefined };
        },
        caller: () =>
          callerWith({ isAuthenticated: held.includes('known'), scopes: held, policies: held }),
      }),
    );
    const { json } = await run((error) => error.toJSON());
    const { data, errors = [] } = JSON.parse(json) as {
      data: unknown;
      errors?: readonly { path?: readonly string[]; extensions: { code?: string } }[];
    };
    return {
      data: JSON.stringify(data),
      codes: errors.map(({ extensions }) => extensions.code),
      paths: errors.map(({ path = [] }) => `/${path.filter(isResponseKey).join('/')}`),
      forbidden,
    };
  }

  private engine(planner: PlannerChoice): SupergraphEngine {
    const known = this.engines.get(planner);
    if (known) return known;
    const engine = new SupergraphEngine(readSupergraph(this.supergraphSdl), {
      planner,
      queryPlannerConfig: undefined,
      planCacheBytesMax: 2 ** 24,
      random: () => 0,
      access: { log: () => undefined },
    });
    this.engines.set(planner, engine);
    return engine;
  }
}

const typeKey = 'shadow_type';
const typeField = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
  alias: { kind: Kind.NAME, value: typeKey },
} as const;

function isResponseKey(step: string): boolean {
  return step !== '@' && !step.startsWith('... on ');
}

/** What a request to a subgraph selects that the viewer may not see. A key may be selected: it is not returned. */
function forbiddenIn(query: string, schema: GraphQLSchema, maySee: MaySee): readonly string[] {
  const found: string[] = [];
  const info = new TypeInfo(schema);
  const objectsOf = (type: Parameters<typeof getNamedType>[0]): readonly string[] => {
    const named = getNamedType(type);
    if (!named) return [];
    return isAbstractType(named)
      ? schema.getPossibleTypes(named).map(({ name }) => name)
      : [named.name];
  };
  visit(
    parse(query),
    visitWithTypeInfo(info, {
      Field: ({ name: { value: name } }) => {
        const parent = info.getParentType();
        if (!parent || name.startsWith('_') || name === 'number') return;
        const around = objectsOf(parent);
        const values = objectsOf(info.getType());
        // The conditions around an interface decide which of its types are selected.
        const isReadable =
          around.some((type) => maySee(`${type}.${name}`) && (name === 'id' || maySee(type))) &&
          (isCompositeType(getNamedType(info.getType()))
            ? values.some(maySee)
            : values.every(maySee));
        if (!isReadable) found.push(`${parent.name}.${name}`);
      },
    }),
  );
  return found;
}
