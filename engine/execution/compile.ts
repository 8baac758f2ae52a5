import { type ContextPaths, contextPathsOf } from './context-paths.ts';
import { EntityFetch } from './fetch-entities.ts';
import { compileContextFetch } from './fetch-in-context.ts';
import { compileRootFetch } from './fetch-root.ts';
import type { PlanContext } from './plan-context.ts';
import type {
  ConditionNode,
  EntityGroup,
  FetchNode,
  PlanNode,
  PlanPath,
  QueryPlan,
} from './plan.ts';
import type { Run, Step } from './run.ts';
import type { TypeIndex } from './type-index.ts';

/**
 * Compiles a plan into one function. Everything that does not depend on a request is done here, once per operation. A
 * plan compiled in pieces that share a store needs the context paths of all pieces.
 */
export function compilePlan(
  { node }: QueryPlan,
  types: TypeIndex,
  contextPaths: ContextPaths = contextPathsOf(node),
): Step {
  return node ? compileNode(node, [], { types, contextPaths }) : () => undefined;
}

function compileNode(node: PlanNode, path: PlanPath, context: PlanContext): Step {
  switch (node.kind) {
    case 'sequence':
      return inSequence(node.nodes.map((each) => compileNode(each, path, context)));
    case 'parallel':
      return inParallel(node.nodes.map((each) => compileNode(each, path, context)));
    case 'flatten':
      return compileNode(node.node, [...path, ...node.path], context);
    case 'subscription':
      throw new Error('Expected a query or a mutation; got a plan for a subscription.');
    case 'defer':
      throw new Error('Expected a plan without @defer; got one with deferred parts.');
    case 'condition':
      return onCondition(node, path, context);
    case 'fetch':
      return compileFetch(node, path, context);
    case 'batch-fetch': {
      const groups = node.groups.map((group) => ({
        ...group,
        paths: group.paths.map((each) => [...path, ...each]),
      }));
      const fetch = new EntityFetch(node, groups, [], context);
      return (run) => fetch.run(run);
    }
  }
}

function compileFetch(node: FetchNode, path: PlanPath, context: PlanContext): Step {
  if (!node.entities) return compileRootFetch(node, path, context.types);
  const group: EntityGroup = {
    alias: '_entities',
    representationsVariable: node.representationsVariable ?? 'representations',
    paths: [path],
    entities: node.entities,
    outputRewrites: node.outputRewrites,
  };
  if (node.contextArguments.length > 0) return compileContextFetch(node, group, context);
  const fetch = new EntityFetch(node, [group], [], context);
  return (run) => fetch.run(run);
}

function inSequence(steps: readonly Step[]): Step {
  const [only] = steps;
  if (only && steps.length === 1) return only;
  return (run) => runFrom(steps, 0, run);
}

/** Runs steps until one has to wait, then continues after it: a step with nothing to do costs no promise. */
function runFrom(steps: readonly Step[], from: number, run: Run): Promise<void> | undefined {
  for (let index = from; index < steps.length; index += 1) {
    const waiting = steps[index]?.(run);
    if (waiting) {
      return index + 1 < steps.length
        ? waiting.then(() => runFrom(steps, index + 1, run))
        : waiting;
    }
  }
  return undefined;
}

function inParallel(steps: readonly Step[]): Step {
  const [only] = steps;
  if (only && steps.length === 1) return only;
  return (run) => {
    let first: Promise<void> | undefined;
    let all: Promise<void>[] | undefined;
    for (const step of steps) {
      const waiting = step(run);
      if (!waiting) continue;
      if (!first) first = waiting;
      else (all ??= [first]).push(waiting);
    }
    return all ? Promise.all(all).then(() => undefined) : first;
  };
}

function onCondition(node: ConditionNode, path: PlanPath, context: PlanContext): Step {
  const whenTrue = node.whenTrue && compileNode(node.whenTrue, path, context);
  const whenFalse = node.whenFalse && compileNode(node.whenFalse, path, context);
  return (run) => (run.conditions.get(node.variable) === true ? whenTrue : whenFalse)?.(run);
}
