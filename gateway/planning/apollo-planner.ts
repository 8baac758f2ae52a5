import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import type * as QueryPlannerModule from '@apollo/query-planner';
import type {
  FetchDataRewrite,
  FetchNode as ApolloFetch,
  PlanNode as ApolloNode,
  QueryPlannerConfig,
  QueryPlanSelectionNode,
} from '@apollo/query-planner';
import type {
  ContextArgument,
  FetchNode,
  PathSegment,
  PlanNode,
  RequiredSelection,
  Rewrite,
  RewriteSegment,
} from '../execution/plan.ts';
import { withConcreteConditions } from './concrete-conditions.ts';
import type { Planner } from './planner.ts';
import { type SeparatedRequirements, separateRequirements } from './requirement-arguments.ts';
import { restoreRequirements } from './restore-requirements.ts';
import type { Supergraph } from './supergraph.ts';

/** Loads Apollo's planner. Throws for a supergraph that it cannot read. */
export function createApolloPlanner(
  { document, apiSchema, overrideLabels, usesInterfaceObjects }: Supergraph,
  config?: QueryPlannerConfig,
): Planner {
  // CommonJS, and loaded only when it is needed: it takes a third of a second and 20 MB.
  const require = createRequire(import.meta.url);
  const internals = require('@apollo/federation-internals') as typeof FederationInternals;
  const { QueryPlanner } = require('@apollo/query-planner') as typeof QueryPlannerModule;
  // No list of supported features: the planner plans whatever composition has made of them.
  const separated = separateRequirements(document);
  const supergraph = internals.Supergraph.build(separated?.document ?? document, {
    supportedFeatures: null,
    validateSupergraph: false,
  });
  const schema = supergraph.apiSchema();
  const planner = new QueryPlanner(
    supergraph,
    separated ? { ...config, ...withoutFragments } : config,
  );
  return {
    name: 'apollo',
    plan: ({ document: asked, operationName, activeLabels }) => {
      const plannable = usesInterfaceObjects ? withConcreteConditions(asked, apiSchema) : asked;
      const operation = internals.operationFromDocument(schema, plannable, {
        operationName,
        validate: false,
      });
      const overrideConditions = new Map(
        overrideLabels.map((label) => [label, activeLabels.has(label)]),
      );
      const { node } = planner.buildQueryPlan(operation, { overrideConditions });
      if (node?.kind === 'Subscription') throw unexpected(node.kind);
      return { node: node && translate(node, separated) };
    },
  };
}

/** Where the real fields are put back, a selection must not be shared between places. */
const withoutFragments: QueryPlannerConfig = {
  reuseQueryFragments: false,
  generateQueryFragments: false,
};

function translate(node: ApolloNode, separated?: SeparatedRequirements): PlanNode {
  const each = (inner: ApolloNode): PlanNode => translate(inner, separated);
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
      return separated ? restoreRequirements(fetch(node), separated) : fetch(node);
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

/** `key`, `@`, and with type-conditioned fetching `key|[A,B]`, `@|[A,B]` or `|[A,B]`. */
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

/** `['..', '... on T', 'prop']`: from the entity one object up, then down. */
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
  return new Error(`Expected a plan for a query or a mutation; the planner made one with ${kind}.`);
}
