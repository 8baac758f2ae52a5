import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import type * as QueryPlannerModule from '@apollo/query-planner';
import type {
  FetchDataRewrite,
  FetchNode as ApolloFetch,
  PlanNode as ApolloNode,
  QueryPlanSelectionNode,
  SubscriptionNode as ApolloSubscription,
} from '@apollo/query-planner';
import { AppError } from '../../common/errors.ts';
import type {
  ContextArgument,
  FetchNode,
  PathSegment,
  PlanNode,
  RequiredSelection,
  Rewrite,
  RewriteSegment,
} from '../execution/plan.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { apolloKeys, apolloOperation } from './apollo-operation.ts';
import type { ApolloPlannerConfig, Planner } from './planner.ts';

/**
 * Creates Apollo's planner from the packages that the user has installed. Throws an AppError when they are missing, and
 * the planner's error for a supergraph that it cannot read. Plans the same as ApolloGateway, mistakes included.
 */
export function createApolloPlanner(
  { document, overrideLabels }: Supergraph,
  config?: ApolloPlannerConfig,
): Planner {
  const { internals, QueryPlanner } = loadApollo();
  // No list of supported features: the planner accepts everything that composition produces.
  const supergraph = internals.Supergraph.build(document, {
    supportedFeatures: null,
    validateSupergraph: false,
  });
  const schema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, config);
  return {
    name: 'apollo',
    plan: (request) => {
      const asked = apolloOperation(request);
      if (!asked) return { plan: { node: undefined }, storeKeys: apolloKeys };
      const operation = internals.operationFromDocument(schema, asked, {
        operationName: request.operationName,
        validate: false,
      });
      const overrideConditions = new Map(
        overrideLabels.map((label) => [label, request.activeLabels.has(label)]),
      );
      const { node } = planner.buildQueryPlan(operation, { overrideConditions });
      return { plan: { node: node && translateRoot(node) }, storeKeys: apolloKeys };
    },
  };
}

/** Loaded with `require` because it is CommonJS, and only on demand, because it takes a third of a second and 20 MB. */
function loadApollo(): {
  readonly internals: typeof FederationInternals;
  readonly QueryPlanner: typeof QueryPlannerModule.QueryPlanner;
} {
  const require = createRequire(import.meta.url);
  try {
    const internals = require('@apollo/federation-internals') as typeof FederationInternals;
    const { QueryPlanner } = require('@apollo/query-planner') as typeof QueryPlannerModule;
    return { internals, QueryPlanner };
  } catch (cause) {
    throw new AppError(
      'SUPERGRAPH_INVALID',
      'The planner "apollo" needs packages that are not installed: npm install @apollo/query-planner@2 @apollo/federation-internals@2. They are under the Elastic License. The planner "own" needs neither.',
      { cause },
    );
  }
}

function translateRoot(node: ApolloNode | ApolloSubscription): PlanNode {
  if (node.kind !== 'Subscription') return translate(node);
  const { primary, rest } = node;
  return { kind: 'subscription', primary: fetch(primary), rest: rest && translate(rest) };
}

function translate(node: ApolloNode): PlanNode {
  const each = translate;
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map(each) };
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map(each) };
    case 'Flatten':
      return { kind: 'flatten', path: node.path.flatMap(pathSegments), node: each(node.node) };
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        whenTrue: node.ifClause && each(node.ifClause),
        whenFalse: node.elseClause && each(node.elseClause),
      };
    case 'Fetch':
      return fetch(node);
    case 'Defer':
      throw unexpected(node.kind);
  }
}

function fetch(node: ApolloFetch): FetchNode {
  const contextArguments = (node.contextRewrites ?? []).map(contextArgument);
  const ownVariables = new Set(contextArguments.map(({ variable }) => variable));
  return {
    kind: 'fetch',
    subgraph: node.serviceName,
    operationKind: node.operationKind,
    operation: node.operation,
    operationName: node.operationName,
    variables: (node.variableUsages ?? []).filter((variable) => !ownVariables.has(variable)),
    entities: node.requires && {
      requires: node.requires.map(required),
      rewrites: (node.inputRewrites ?? []).map(rewrite),
    },
    outputRewrites: (node.outputRewrites ?? []).map(rewrite),
    contextArguments,
  };
}

/** `key`, `@`, or with type-conditioned fetching `key|[A,B]`, `@|[A,B]` and `|[A,B]`. */
function pathSegments(segment: string | number): PathSegment[] {
  const [, key = '', types] = /^([^|]*)(?:\|\[(.*)\])?$/.exec(String(segment)) ?? [];
  const segments: PathSegment[] = [];
  if (key === '@') segments.push({ kind: 'list' });
  else if (key !== '') segments.push({ kind: 'key', name: key });
  if (types !== undefined) segments.push({ kind: 'types', names: types.split(',') });
  return segments;
}

function required(selection: QueryPlanSelectionNode): RequiredSelection {
  if (selection.kind === 'InlineFragment') {
    const selections = selection.selections.map(required);
    if (selection.typeCondition === undefined)
      throw new Error('Expected a type condition in "requires".');
    return { kind: 'fragment', typeCondition: selection.typeCondition, selections };
  }
  const key = selection.alias ?? selection.name;
  return { kind: 'field', from: key, to: key, selections: selection.selections?.map(required) };
}

function rewrite(apollo: FetchDataRewrite): Rewrite {
  const path = apollo.path.map(rewriteSegment);
  return apollo.kind === 'ValueSetter'
    ? { kind: 'set', path, value: String(apollo.setValueTo) }
    : { kind: 'rename', path, to: apollo.renameKeyTo };
}

/** `['..', '... on T', 'prop']`: one object up from the entity, then down. */
function contextArgument({
  path,
  renameKeyTo,
}: {
  path: string[];
  renameKeyTo: string;
}): ContextArgument {
  const levelsUp = path.filter((segment) => segment === '..').length;
  return {
    variable: renameKeyTo,
    levelsUp,
    path: path.filter((segment) => segment !== '..').map(rewriteSegment),
  };
}

function rewriteSegment(segment: string): RewriteSegment {
  const fragment = '... on ';
  return segment.startsWith(fragment)
    ? { kind: 'types', names: [segment.slice(fragment.length)] }
    : { kind: 'key', name: segment };
}

function unexpected(kind: string): Error {
  return new Error(
    `Expected a plan for a query or a mutation; the planner returned one with ${kind}.`,
  );
}
