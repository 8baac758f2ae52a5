import { readFileSync, writeSync } from 'node:fs';
import type { QueryPlan } from '../../engine/execution/plan.ts';
import { planOf } from '../../test/support/engine-request.ts';
import { judge, type Question, type Verdict } from '../../test/support/oracles/judge.ts';
import { type ComparedPlanner, Oracle } from '../../test/support/oracles/oracle.ts';
import { questionOf } from '../../test/support/oracles/questions.ts';
import { quantile } from '../measure/statistics.ts';
import { engineWith, type PlannedRequest, requestOf } from './engine.ts';
import { type PlanSize, sizeOf } from './plan-size.ts';
import { type Workload, workloads } from './workloads.ts';

/** What one planner does with the operations of one workload; times in milliseconds. */
export interface PlanningFigures {
  readonly operations: readonly PlannedOperation[];
  readonly first: Times;
  readonly warm: Times;
}

export interface Times {
  readonly median: number;
  readonly p99: number;
}

/** One operation; its plan has no size where there is none. */
export interface PlannedOperation extends PlannedRequest, PlanSize {
  /** What is wrong with its answer. */
  readonly wrong: string | undefined;
  /** How the process ended that was to plan it. */
  readonly ending: string | undefined;
}

/** What such a process is told, as JSON. */
export interface MeasureInput {
  readonly planner: ComparedPlanner;
  readonly workload: string;
  readonly supergraphPath: string;
  /** How many random operations. */
  readonly random: number;
  /** The operations that ended a process before this one, and how. */
  readonly endings: Readonly<Record<number, string>>;
}

/** What it says, a line of JSON each: which operation is next, and at last the figures. */
export type MeasureOutput = { readonly begin: number } | { readonly figures: PlanningFigures };

const warmRoundsMax = 3;
const warmMsMax = 10_000;
const noSize: PlanSize = { requests: 0, steps: 0, planBytes: 0 };

const input = JSON.parse(process.argv[2] ?? '{}') as MeasureInput;
const found = new Map(Object.entries(workloads)).get(input.workload);
if (!found) throw new Error(`Expected a workload; got "${input.workload}".`);
say({ figures: await measure(input, found) });

async function measure(
  { planner, supergraphPath, random, endings }: MeasureInput,
  workload: Workload,
): Promise<PlanningFigures> {
  const supergraphSdl = readFileSync(supergraphPath, 'utf8');
  const shape = workload.shape();
  const federation = shape.supergraphSdl === undefined ? 2 : 1;
  const oracle = new Oracle({ ...shape, supergraphSdl, federation }, 'here');
  const questions = questionsOf(oracle, workload, random);
  const engine = engineWith(planner, supergraphSdl);
  const sizes = new Map<number, PlanSize>();
  const first: number[] = [];
  for (const [index, question] of questions.entries()) {
    if (endings[index] !== undefined) continue;
    say({ begin: index });
    const request = requestOf(askedBy(question));
    let plan: QueryPlan | undefined;
    const from = performance.now();
    try {
      plan = planOf(engine, request);
    } catch {
      // Judging it says so.
    }
    first.push(performance.now() - from);
    sizes.set(index, plan ? sizeOf(plan.node) : noSize);
  }
  const planned = questions.filter((_, index) => (sizes.get(index) ?? noSize) !== noSize);
  const warm = warmTimes(planned.map(askedBy).map(requestOf), (request) => planOf(engine, request));
  const operations: PlannedOperation[] = [];
  for (const [index, question] of questions.entries()) {
    const ending = endings[index];
    const asked = askedBy(question);
    if (ending !== undefined) {
      operations.push({ ...asked, ...noSize, wrong: undefined, ending });
      continue;
    }
    say({ begin: index });
    const wrong = await mistakeIn(question, (each) => judge(oracle, planner, each));
    operations.push({ ...asked, ...(sizes.get(index) ?? noSize), wrong, ending });
  }
  return { operations, first: timesOf(first), warm: timesOf(warm) };
}

function questionsOf(oracle: Oracle, { texts }: Workload, random: number): readonly Question[] {
  if (texts === 'random')
    return Array.from({ length: random }, (_, index) => questionOf(oracle, index + 1));
  return texts.map((text, seed) => ({
    seed,
    operation: { text, variables: {} },
    world: { seed, misfortune: 0 },
  }));
}

/** Judges the answer in its own world and in others where nothing fails: a failure may hide what a plan gets wrong. */
async function mistakeIn(
  question: Question,
  judged: (question: Question) => Promise<Verdict | undefined>,
): Promise<string | undefined> {
  const { seed, labels } = question.world;
  const quiet = [0, 1_000, 2_000, 3_000].map((more) => ({
    seed: seed + more,
    misfortune: 0,
    labels,
  }));
  for (const world of [question.world, ...quiet]) {
    const verdict = await judged({ ...question, world });
    if (verdict) return `${verdict.mistake}: ${verdict.finding}`;
  }
  return undefined;
}

function askedBy({ operation: { text, variables }, world }: Question): PlannedRequest {
  return { text, variables, labels: world.labels ?? [] };
}

/** The times of the last of several rounds; of fewer where a round takes long. */
function warmTimes<T>(requests: readonly T[], plan: (request: T) => void): readonly number[] {
  const begin = performance.now();
  let times: number[] = [];
  for (let round = 0; round < warmRoundsMax; round += 1) {
    if (round > 0 && performance.now() - begin > warmMsMax) break;
    times = requests.map((request) => {
      const from = performance.now();
      plan(request);
      return performance.now() - from;
    });
  }
  return times;
}

function timesOf(times: readonly number[]): Times {
  const sorted = [...times].sort((one, other) => one - other);
  return { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

/** Written at once: what is under way when the process ends has to be known. */
function say(line: MeasureOutput): void {
  const text = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let at = 0; at < text.length; at += writeSync(1, text, at));
}
