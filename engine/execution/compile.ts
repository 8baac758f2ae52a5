import { type ContextPaths, contextPathsOf } from './context-paths.ts';
import { EntityFetch } from './fetch-entities.ts';
import { compileContextFetch } from './fetch-in-context.ts';
import { compileRootFetch } from './fetch-root.ts';
import type { PlanContext } from './plan-context.ts';
import type {
  ConditionNode,
  DeferredNode,
  EntityGroup,
  FetchNode,
  PlanNode,
  PlanPath,
  QueryPlan,
  SubgraphOperation,
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
  return stepOf(node, { types, contextPaths, isAwaited: false });
}

/** The steps of a plan with deferred parts. */
export interface CompiledParts {
  readonly primary: Step;
  readonly deferred: readonly CompiledPart[];
}

/** A deferred part of a plan. */
export interface CompiledPart extends Pick<DeferredNode, 'depends' | 'directive' | 'place'> {
  readonly step: Step;
  /** Whether it can start when the fetches it depends on are finished, and not only with the enclosing part. */
  readonly startsEarly: boolean;
  /** The parts nested in it. */
  readonly deferred: readonly CompiledPart[];
}

/** Compiles a plan with deferred parts: the steps of each part by themselves. */
export function compileParts({ node }: QueryPlan, types: TypeIndex): CompiledParts {
  const context = { types, contextPaths: contextPathsOf(node), isAwaited: true };
  if (node?.kind !== 'defer') return { primary: stepOf(node, context), deferred: [] };
  return {
    primary: stepOf(node.primary.node, context),
    deferred: node.deferred.map((each) => compilePart(each, context)),
  };
}

function compilePart(part: DeferredNode, context: PlanContext): CompiledPart {
  const { depends, directive, place, paths, node } = part;
  const isNested = node?.kind === 'defer';
  return {
    depends,
    directive,
    place,
    step: stepOf(isNested ? node.primary.node : node, context),
    startsEarly: depends.length > 0 || paths.every((path) => path.length === 0),
    deferred: isNested ? node.deferred.map((each) => compilePart(each, context)) : [],
  };
}

function stepOf(node: PlanNode | undefined, context: PlanContext): Step {
  return node ? compileNode(node, [], context) : () => undefined;
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
      return inSequence(
        [node.primary, ...(node.rest ? [node.rest] : [])].map((each) =>
          compileNode(each, path, context),
        ),
      );
    case 'defer':
      throw new Error('Expected @defer only at the root of a plan, or of a deferred part.');
    case 'condition':
      return onCondition(node, path, context);
    case 'fetch':
      return awaited(node, compileFetch(node, path, context), context);
    case 'batch-fetch': {
      const groups = node.groups.map((group) => ({
        ...group,
        paths: group.paths.map((each) => [...path, ...each]),
      }));
      const fetch = new EntityFetch(node, groups, [], context);
      return awaited(node, (run) => fetch.run(run), context);
    }
  }
}

/** Notes the end of a fetch that a deferred part depends on. */
function awaited({ id }: SubgraphOperation, step: Step, { isAwaited }: PlanContext): Step {
  if (id === undefined || !isAwaited) return step;
  return (run) => {
    const waiting = step(run);
    if (waiting) return waiting.then(() => run.finished?.note(id));
    run.finished?.note(id);
    return undefined;
  };
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
