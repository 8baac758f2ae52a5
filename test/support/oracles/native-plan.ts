import type {
  EntityInput,
  PathSegment,
  PlanNode,
  RequiredSelection,
  Rewrite,
  RewriteSegment,
  SubgraphOperation,
} from '../../../engine/execution/plan.ts';

interface NativeOperation extends NativeEntities {
  readonly serviceName: string;
  readonly operationKind?: SubgraphOperation['operationKind'];
  readonly operation: string;
  readonly variableUsages?: readonly string[];
}

interface NativeEntities {
  readonly requires?: readonly NativeSelection[];
  readonly inputRewrites?: readonly NativeRewrite[];
  readonly outputRewrites?: readonly NativeRewrite[];
}

interface NativeGroup extends NativeEntities {
  readonly alias: string;
  readonly representationsVariableName: string;
  readonly paths: readonly (readonly NativeSegment[])[];
}

/** A plan of the native planner, as far as queries and mutations have it. */
export type NativeNode =
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly NativeNode[] }
  | { readonly kind: 'Flatten'; readonly path: readonly NativeSegment[]; readonly node: NativeNode }
  | ({ readonly kind: 'Fetch' } & NativeOperation)
  | ({
      readonly kind: 'BatchFetch';
      readonly entityBatch: { readonly aliases: readonly NativeGroup[] };
    } & NativeOperation)
  | { readonly kind: 'Condition' | 'Subscription' | 'Defer' };

type NativeSegment =
  '@' | { readonly Field: string } | { readonly TypeCondition: readonly string[] };

type NativeSelection =
  | {
      readonly kind: 'Field';
      readonly name: string;
      readonly alias?: string;
      readonly selections?: readonly NativeSelection[];
    }
  | {
      readonly kind: 'InlineFragment';
      readonly typeCondition: string;
      readonly selections: readonly NativeSelection[];
    };

interface NativeSetter {
  readonly path: readonly NativeRewriteSegment[];
  readonly setValueTo: string;
}

type NativeRewrite =
  | NativeSetter
  | { readonly ValueSetter: NativeSetter }
  | {
      readonly KeyRenamer: {
        readonly path: readonly NativeRewriteSegment[];
        readonly renameKeyTo: string;
      };
    };

type NativeRewriteSegment =
  { readonly Key: string } | { readonly TypenameEquals: readonly string[] };

/** The plan that execution knows. Throws for a node that no query or mutation has. */
export function translate(node: NativeNode): PlanNode {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map(translate) };
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map(translate) };
    case 'Flatten':
      return { kind: 'flatten', path: node.path.map(segment), node: translate(node.node) };
    case 'Fetch':
      return {
        kind: 'fetch',
        ...operation(node),
        entities: node.requires && entities(node),
        outputRewrites: (node.outputRewrites ?? []).map(rewrite),
        contextArguments: [],
      };
    case 'BatchFetch':
      return {
        kind: 'batch-fetch',
        ...operation(node),
        groups: node.entityBatch.aliases.map((group) => ({
          alias: group.alias,
          representationsVariable: group.representationsVariableName,
          paths: group.paths.map((path) => path.map(segment)),
          entities: entities(group),
          outputRewrites: (group.outputRewrites ?? []).map(rewrite),
        })),
      };
    default:
      throw new Error(`Expected a plan without ${node.kind}.`);
  }
}

function operation(node: NativeOperation): SubgraphOperation {
  return {
    subgraph: node.serviceName,
    operationKind: node.operationKind ?? 'query',
    operation: node.operation,
    operationName: undefined,
    variables: node.variableUsages ?? [],
  };
}

function entities({ requires = [], inputRewrites = [] }: NativeEntities): EntityInput {
  return { requires: requires.map(required), rewrites: inputRewrites.map(rewrite) };
}

function segment(native: NativeSegment): PathSegment {
  if (native === '@') return { kind: 'list' };
  return 'Field' in native
    ? { kind: 'key', name: native.Field }
    : { kind: 'types', names: native.TypeCondition };
}

/** The alias is the key that the subgraph wants, and the name the key under which the value was fetched. */
function required(selection: NativeSelection): RequiredSelection {
  const selections = selection.selections?.map(required) ?? [];
  if (selection.kind === 'InlineFragment')
    return { kind: 'fragment', typeCondition: selection.typeCondition, selections };
  const { name: from, alias: to = from } = selection;
  return { kind: 'field', from, to, selections: selections.length > 0 ? selections : undefined };
}

function rewrite(native: NativeRewrite): Rewrite {
  if ('KeyRenamer' in native) {
    const { path, renameKeyTo } = native.KeyRenamer;
    return { kind: 'rename', path: path.map(rewriteSegment), to: renameKeyTo };
  }
  const { path, setValueTo } = 'ValueSetter' in native ? native.ValueSetter : native;
  return { kind: 'set', path: path.map(rewriteSegment), value: setValueTo };
}

function rewriteSegment(native: NativeRewriteSegment): RewriteSegment {
  return 'Key' in native
    ? { kind: 'key', name: native.Key }
    : { kind: 'types', names: native.TypenameEquals };
}
