import { createRequire } from 'node:module';
import type {
  BatchFetchNode as NativeBatchFetch,
  FetchNode as NativeFetch,
  FetchRewrite,
  FlattenNodePathSegment,
  PlanNode as NativeNode,
  QueryPlanner,
  RequiresSelection,
} from '@graphql-hive/router-query-planner';
import { print } from 'graphql';
import type {
  BatchFetchNode,
  FetchNode,
  PathSegment,
  PlanNode,
  RequiredSelection,
  Rewrite,
  RewriteSegment,
} from '../execution/plan.ts';
import { nativeRisk } from './native-risk.ts';
import { percentOf } from './override-labels.ts';
import type { Planner } from './planner.ts';
import { createConflictSeparator } from './separate-conflicts.ts';
import type { Supergraph } from './supergraph.ts';
import { withTypenames } from './typenames.ts';

/**
 * Loads the native planner; `undefined` where it has no binary for this platform. The supergraph must have no
 * `nativeLoadRisk`. The planner throws for an operation that could end the process.
 */
export function createNativePlanner({
  sdl,
  document: schemaDocument,
  apiSchema,
}: Supergraph): Planner | undefined {
  const Native = loadNative();
  if (!Native) return undefined;
  const planner = new Native(sdl);
  const separate = createConflictSeparator(schemaDocument);
  return {
    name: 'native',
    plan: ({ document, operationName, activeLabels }) => {
      const risk = nativeRisk(document);
      if (risk !== undefined) {
        throw new Error(
          `The native planner must not see it, it could end the process: ${risk}. The planner "auto" plans it.`,
        );
      }
      const text = print(withTypenames(document, apiSchema));
      const percentage = lowestActivePercent(activeLabels);
      const named = new Set([...activeLabels].filter((label) => percentOf(label) === undefined));
      const { node } = planner.plan(text, operationName, named, percentage);
      const translated = node && translate(node, operationName, { fetches: 0 });
      return { node: translated && separate ? separate(translated) : translated };
    },
  };
}

type NativePlanner = new (sdl: string) => QueryPlanner;

/** Synchronous, so that a swap of the supergraph is one step; a Node module is loaded once whatever the caller. */
function loadNative(): NativePlanner | undefined {
  try {
    const module = createRequire(import.meta.url)('@graphql-hive/router-query-planner') as {
      QueryPlanner: NativePlanner;
    };
    return module.QueryPlanner;
  } catch {
    return undefined;
  }
}

/**
 * The native planner takes one number, and counts `percent(n)` as active when the number is below n. The lowest active
 * n, just undercut, makes active what is meant to be: labels come from one draw, so that all above it are active too.
 */
function lowestActivePercent(labels: ReadonlySet<string>): number {
  const percents = [...labels].flatMap((label) => percentOf(label) ?? []);
  return percents.length > 0 ? Math.max(0, Math.min(...percents) - Number.EPSILON * 100) : 100;
}

interface Counter {
  fetches: number;
}

function translate(node: NativeNode, name: string | undefined, counter: Counter): PlanNode {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map((each) => translate(each, name, counter)) };
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map((each) => translate(each, name, counter)) };
    case 'Flatten':
      return {
        kind: 'flatten',
        path: node.path.map(pathSegment),
        node: translate(node.node, name, counter),
      };
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        whenTrue: node.ifClause ? translate(node.ifClause, name, counter) : undefined,
        whenFalse: node.elseClause ? translate(node.elseClause, name, counter) : undefined,
      };
    case 'Fetch':
      return fetch(node, name, counter);
    case 'BatchFetch':
      return batchFetch(node, name, counter);
    case 'Subscription':
    case 'Defer':
      throw new Error(
        `Expected a plan for a query or a mutation; the planner made one with ${node.kind}.`,
      );
  }
}

function fetch(node: NativeFetch, name: string | undefined, counter: Counter): FetchNode {
  return {
    kind: 'fetch',
    ...operation(node, name, counter),
    entities: node.requires && {
      requires: node.requires.map(required),
      rewrites: (node.inputRewrites ?? []).map(rewrite),
    },
    outputRewrites: (node.outputRewrites ?? []).map(rewrite),
    contextArguments: [],
  };
}

function batchFetch(
  node: NativeBatchFetch,
  name: string | undefined,
  counter: Counter,
): BatchFetchNode {
  return {
    kind: 'batch-fetch',
    ...operation(node, name, counter),
    groups: node.entityBatch.aliases.map((group) => ({
      alias: group.alias,
      representationsVariable: group.representationsVariableName,
      paths: group.paths.map((path) => path.map(pathSegment)),
      entities: {
        requires: group.requires.map(required),
        rewrites: (group.inputRewrites ?? []).map(rewrite),
      },
      outputRewrites: (group.outputRewrites ?? []).map(rewrite),
    })),
  };
}

/** The planner leaves operations unnamed; a subgraph's log is easier to read with the client's name in it. */
function operation(
  node: NativeFetch | NativeBatchFetch,
  clientName: string | undefined,
  counter: Counter,
): Pick<FetchNode, 'subgraph' | 'operation' | 'operationKind' | 'operationName' | 'variables'> {
  const operationKind = node.operationKind ?? 'query';
  const index = counter.fetches;
  counter.fetches += 1;
  const operationName =
    clientName === undefined
      ? undefined
      : `${clientName}__${node.serviceName.replaceAll(/\W/g, '_')}__${index}`;
  return {
    subgraph: node.serviceName,
    operationKind,
    operation:
      operationName !== undefined
        ? nameOperation(node.operation, operationKind, operationName)
        : node.operation,
    operationName,
    variables: node.variableUsages ?? [],
  };
}

function nameOperation(text: string, kind: string, name: string): string {
  return text.startsWith('{')
    ? `${kind} ${name}${text}`
    : `${kind} ${name}${text.slice(kind.length)}`;
}

function pathSegment(segment: FlattenNodePathSegment): PathSegment {
  if (segment === '@') return { kind: 'list' };
  return 'Field' in segment
    ? { kind: 'key', name: segment.Field }
    : { kind: 'types', names: segment.TypeCondition };
}

function required(selection: RequiresSelection): RequiredSelection {
  switch (selection.kind) {
    case 'Field':
      // Here the alias is the key the subgraph wants, and the name the key under which the value was fetched.
      return {
        kind: 'field',
        from: selection.name,
        to: selection.alias ?? selection.name,
        selections: selection.selections?.length ? selection.selections.map(required) : undefined,
      };
    case 'InlineFragment':
      return {
        kind: 'fragment',
        typeCondition: selection.typeCondition,
        selections: selection.selections.map(required),
      };
    case 'FragmentSpread':
      throw new Error(
        `Expected fields and inline fragments in "requires"; got a spread of ${selection.value}.`,
      );
  }
}

function rewrite(native: FetchRewrite): Rewrite {
  const setter =
    'ValueSetter' in native ? native.ValueSetter : 'setValueTo' in native ? native : undefined;
  if (setter)
    return { kind: 'set', path: setter.path.map(rewriteSegment), value: setter.setValueTo };
  if ('KeyRenamer' in native) {
    const { path, renameKeyTo } = native.KeyRenamer;
    return { kind: 'rename', path: path.map(rewriteSegment), to: renameKeyTo };
  }
  throw new Error(`Expected a ValueSetter or a KeyRenamer; got ${JSON.stringify(native)}.`);
}

function rewriteSegment(segment: { TypenameEquals: string[] } | { Key: string }): RewriteSegment {
  return 'Key' in segment
    ? { kind: 'key', name: segment.Key }
    : { kind: 'types', names: segment.TypenameEquals };
}
