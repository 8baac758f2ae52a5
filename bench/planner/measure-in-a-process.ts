import { parse } from 'graphql';
import type { PlanNode } from '../../gateway/execution/plan.ts';
import type { PlannerChoice } from '../../gateway/planning/choose.ts';
import { readSupergraph } from '../../gateway/planning/supergraph.ts';
import { SupergraphEngine } from '../../gateway/supergraph-engine.ts';
import { judge, type Question } from '../../test/support/oracles/judge.ts';
import { Oracle } from '../../test/support/oracles/oracle.ts';
import { questionOf } from '../../test/support/oracles/questions.ts';
import { figureOf, quantile } from '../measure/statistics.ts';
import { type Workload, workloads } from './workloads.ts';

/** What one planner does with one workload; times in milliseconds. */
export interface PlannerFigures {
  readonly operations: readonly PlannedOperation[];
  readonly first: Times;
  readonly warm: Times;
  readonly loadMs: number;
  readonly heapBytes: number;
}

export interface Times {
  readonly median: number;
  readonly p99: number;
}

/** One operation; without a plan where the planner threw. */
export interface PlannedOperation {
  readonly text: string;
  /** What is wrong with its answer. */
  readonly wrong: string | undefined;
  readonly requests: number;
  readonly steps: number;
  readonly planBytes: number;
}

const loads = 5;
const warmRounds = 3;

const [planner = '', name = '', count = '20'] = process.argv.slice(2);
const workload = new Map(Object.entries(workloads)).get(name);
if (!workload) throw new Error(`Expected a workload; got "${name}".`);
process.stdout.write(
  JSON.stringify(await measure(planner as PlannerChoice, workload, Number(count))),
);

async function measure(
  choice: PlannerChoice,
  { shape, texts }: Workload,
  random: number,
): Promise<PlannerFigures> {
  const oracle = new Oracle(shape());
  const questions =
    texts === 'random'
      ? Array.from({ length: random }, (_, index) => questionOf(oracle, index + 1))
      : texts.map((text, seed): Question => ({
          seed,
          operation: { text, variables: {} },
          world: { seed, misfortune: 0 },
        }));
  const { engine, loadMs, heapBytes } = load(oracle.supergraphSdl, choice);
  const first = timesOf(questions.map((question) => timeOf(engine, question)));
  const later = Array.from({ length: warmRounds }, () =>
    questions.map((question) => timeOf(engine, question)),
  );
  const operations: PlannedOperation[] = [];
  for (const question of questions) {
    const verdict = await judge(oracle, choice, question);
    operations.push({
      text: question.operation.text,
      wrong: verdict && `${verdict.mistake}: ${verdict.finding}`,
      ...sizeOf(engine, question),
    });
  }
  return { operations, first, warm: timesOf(later.at(-1) ?? []), loadMs, heapBytes };
}

/** The median of several loads, and what the heap has gained by the last. */
function load(
  sdl: string,
  planner: PlannerChoice,
): { readonly engine: SupergraphEngine; readonly loadMs: number; readonly heapBytes: number } {
  const once = (): SupergraphEngine =>
    new SupergraphEngine(readSupergraph(sdl), {
      planner,
      queryPlannerConfig: undefined,
      // Nothing is kept, so that each operation is planned each time.
      planCacheBytesMax: 0,
      random: () => 1,
    });
  const times: number[] = [];
  for (let round = 1; round < loads; round += 1) {
    const from = performance.now();
    once();
    times.push(performance.now() - from);
  }
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const from = performance.now();
  const engine = once();
  times.push(performance.now() - from);
  global.gc?.();
  return {
    engine,
    loadMs: figureOf(times).median,
    heapBytes: process.memoryUsage().heapUsed - before,
  };
}

function requestOf({ operation, world }: Question): Parameters<SupergraphEngine['planFor']>[0] {
  return {
    document: parse(operation.text),
    documentKey: operation.text,
    operationName: undefined,
    variables: operation.variables,
    overrideLabels: world.labels ?? [],
  };
}

function timeOf(engine: SupergraphEngine, question: Question): number {
  const request = requestOf(question);
  const from = performance.now();
  try {
    engine.planFor(request);
  } catch {
    // Judging it says so.
  }
  return performance.now() - from;
}

function timesOf(times: readonly number[]): Times {
  const sorted = [...times].sort((one, other) => one - other);
  return { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

function sizeOf(
  engine: SupergraphEngine,
  question: Question,
): Pick<PlannedOperation, 'requests' | 'steps' | 'planBytes'> {
  try {
    const { node } = engine.planFor(requestOf(question));
    if (!node) return { requests: 0, steps: 0, planBytes: 0 };
    return {
      requests: requestsIn(node),
      steps: stepsIn(node),
      planBytes: JSON.stringify(node).length,
    };
  } catch {
    return { requests: 0, steps: 0, planBytes: 0 };
  }
}

function requestsIn(node: PlanNode): number {
  return childrenOf(node)?.reduce((sum, each) => sum + requestsIn(each), 0) ?? 1;
}

/** How many requests follow on each other. */
function stepsIn(node: PlanNode): number {
  const steps = childrenOf(node)?.map(stepsIn);
  if (!steps) return 1;
  return node.kind === 'sequence'
    ? steps.reduce((sum, each) => sum + each, 0)
    : Math.max(0, ...steps);
}

function childrenOf(node: PlanNode): readonly PlanNode[] | undefined {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return node.nodes;
    case 'flatten':
      return [node.node];
    case 'condition':
      return [node.whenTrue, node.whenFalse].filter((each) => each !== undefined);
    default:
      return undefined;
  }
}
