import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql';
import { compileShape } from '../../../engine/execution/compile-shape.ts';
import { compilePlan } from '../../../engine/execution/compile.ts';
import { contextPathsOf } from '../../../engine/execution/context-paths.ts';
import { execute } from '../../../engine/execution/execute.ts';
import { compileIntrospection } from '../../../engine/execution/introspection.ts';
import type { DeferredNode, DeferNode, PlanNode } from '../../../engine/execution/plan.ts';
import { passReportedErrors } from '../../../engine/execution/problem-mapper.ts';
import { createTypeIndex, type TypeIndex } from '../../../engine/execution/type-index.ts';
import { conditionValues } from '../../../engine/execution/variables.ts';
import type { SubgraphFetch } from '../../../engine/fetching/types.ts';
import { conditionVariables } from '../../../engine/planning/conditions.ts';
import { createOwnPlanner } from '../../../engine/planning/own-planner.ts';
import type { PlannedOperation, Planner } from '../../../engine/planning/planner.ts';
import type { Supergraph } from '../../../engine/supergraph/supergraph.ts';
import { requestContext } from '../subgraph-calls.ts';
import type { GeneratedOperation } from './operation-generator.ts';

/** A deferred part with the parts it is inside of, outermost first, itself last. */
export interface PlannedPart {
  readonly deferred: DeferredNode;
  readonly chain: readonly DeferredNode[];
}

/** The result of running some nodes of a plan. */
export interface PartialRun {
  readonly answer: unknown;
  /** What each node asked of subgraphs, in the order of the text. */
  readonly requests: readonly (readonly string[])[];
}

/** Plans operations with `@defer`, and runs their parts one after the other with the executor of the gateway. */
export class DeferredRuns {
  private readonly supergraph: Supergraph;
  private readonly planner: Planner;
  private readonly types: TypeIndex;

  constructor(supergraph: Supergraph) {
    this.supergraph = supergraph;
    this.planner = createOwnPlanner(supergraph);
    this.types = createTypeIndex(supergraph.document);
  }

  plan(operation: GeneratedOperation, labels: readonly string[]): PlannedOperation {
    const { definition, fragments, conditions } = sourceOf(operation);
    return this.planner.plan({
      operation: definition,
      fragments,
      operationName: undefined,
      conditions,
      activeLabels: new Set(labels),
      incremental: true,
    });
  }

  /** Runs these nodes, each when the one before it is complete, and answers the document from what they have fetched. */
  async run(
    nodes: readonly (PlanNode | undefined)[],
    document: DocumentNode,
    { variables }: GeneratedOperation,
    { storeKeys }: PlannedOperation,
    fetch: SubgraphFetch,
  ): Promise<PartialRun> {
    const { definition, fragments, conditions } = sourceOf({ document, variables });
    const { apiSchema } = this.supergraph;
    const shape = compileShape(definition, {
      schema: apiSchema,
      fragments,
      conditions,
      storeKeys,
    });
    const requests: string[][] = [];
    const contextPaths = nodes.flatMap((node) => contextPathsOf(node));
    const steps = nodes.map((node) => compilePlan({ node }, this.types, contextPaths));
    const answer = await execute(
      {
        step: async (run) => {
          for (const step of steps) {
            requests.push([]);
            await step(run);
          }
        },
        shape: shape.root,
        introspect: compileIntrospection(shape, definition, fragments, apiSchema),
        passThrough: undefined,
        clientKeys: storeKeys.clientKeys,
      },
      {
        variables,
        conditions,
        context: requestContext(),
        fetch: (call) => {
          requests.at(-1)?.push(`${call.subgraph} ${call.body}`);
          return fetch(call);
        },
        mapProblem: passReportedErrors,
        types: this.types,
      },
    );
    return { answer, requests: requests.map((each) => each.sort()) };
  }
}

/** The parts of a plan, each behind those it is inside of. */
export function partsOf(
  { deferred }: DeferNode,
  around: readonly DeferredNode[] = [],
): readonly PlannedPart[] {
  return deferred.flatMap((each) => {
    const part = { deferred: each, chain: [...around, each] };
    return each.node?.kind === 'defer' ? [part, ...partsOf(each.node, part.chain)] : [part];
  });
}

/** The fetches of a part, without those of the parts inside it. */
export function fetchesOf({ node }: Pick<DeferredNode, 'node'>): PlanNode | undefined {
  return node?.kind === 'defer' ? node.primary.node : node;
}

/** Of a node, the fetches with these ids and all that has to come before them; `undefined` when it has none of them. */
export function upTo(node: PlanNode | undefined, ids: readonly string[]): PlanNode | undefined {
  switch (node?.kind) {
    case 'fetch':
    case 'batch-fetch':
      return node.id !== undefined && ids.includes(node.id) ? node : undefined;
    case 'flatten': {
      const inner = upTo(node.node, ids);
      return inner && { ...node, node: inner };
    }
    case 'parallel': {
      const nodes = node.nodes.flatMap((each) => upTo(each, ids) ?? []);
      return nodes.length > 0 ? { kind: 'parallel', nodes } : undefined;
    }
    case 'sequence': {
      const last = node.nodes.findLastIndex((each) => upTo(each, ids));
      const ending = upTo(node.nodes[last], ids);
      return ending && { kind: 'sequence', nodes: [...node.nodes.slice(0, last), ending] };
    }
    default:
      return undefined;
  }
}

/** The operation without the deferred fragments whose labels are not in `kept`. */
export function withoutDeferred(
  operation: GeneratedOperation,
  kept: ReadonlySet<string | undefined>,
): DocumentNode {
  const { document, conditions } = sourceOf(operation);
  const leave = (fragment: FragmentSpreadNode | InlineFragmentNode): null | undefined => {
    const defer = fragment.directives?.find(({ name }) => name.value === 'defer');
    const argument = (name: string): unknown => {
      const value = defer?.arguments?.find((each) => each.name.value === name)?.value;
      if (value?.kind === Kind.VARIABLE) return conditions.get(value.name.value);
      return value && 'value' in value ? value.value : undefined;
    };
    const isActive = defer !== undefined && argument('if') !== false;
    return isActive && !kept.has(argument('label') as string) ? null : undefined;
  };
  return visit(document, { InlineFragment: leave, FragmentSpread: leave });
}

interface Source {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: ReadonlyMap<string, boolean>;
}

function sourceOf(
  operation: Pick<GeneratedOperation, 'variables'> &
    ({ readonly text: string } | { readonly document: DocumentNode }),
): Source {
  const document = 'text' in operation ? parse(operation.text) : operation.document;
  const fragments = new Map<string, FragmentDefinitionNode>();
  let definition: OperationDefinitionNode | undefined;
  for (const each of document.definitions) {
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
    if (each.kind === Kind.OPERATION_DEFINITION) definition = each;
  }
  if (!definition) throw new Error('Expected a document with an operation.');
  const names = conditionVariables({ operation: definition, fragments }, true);
  const given = definition.variableDefinitions ?? [];
  const conditions = conditionValues(given, names, operation.variables);
  return { document, definition, fragments, conditions };
}
