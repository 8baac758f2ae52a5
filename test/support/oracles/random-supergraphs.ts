import { hasToBeRight, judge, plannerOf, planners, type Question, type Verdict } from './judge.ts';
import type { GeneratedOperation } from './operation-generator.ts';
import { type Contestant, Oracle } from './oracle.ts';
import { questionOf } from './questions.ts';
import { shrinkSupergraph } from './shrink-supergraph.ts';
import { shrink } from './shrink.ts';
import { generateSupergraph } from './supergraph-generator.ts';

/** How many supergraphs, from which seed on, and how many operations on each. */
export interface SupergraphRun {
  readonly supergraphs: number;
  readonly firstSeed: number;
  readonly operations: number;
  /** How long a counterexample may be made smaller. */
  readonly shrinkMs: number;
}

/** The result of a run. */
export interface SupergraphReport {
  /** How many composed. */
  readonly supergraphs: number;
  /** How often each contestant was asked, and was wrong in what. */
  readonly counts: Readonly<Record<string, number>>;
  /** The first wrong answer of a planner that has to be right, as text. */
  readonly wrong: readonly string[];
}

/** A failure of one contestant on one supergraph. */
interface Failure {
  readonly schemas: Readonly<Record<string, string>>;
  readonly contestant: Contestant;
  readonly question: Question;
  readonly verdict: Verdict;
}

const contestants: readonly Contestant[] = planners.flatMap((planner) =>
  hasToBeRight(planner) ? [planner, `${planner} as text` as const] : [planner],
);

/** Asks random operations on random supergraphs. */
export async function compareOnRandomSupergraphs(run: SupergraphRun): Promise<SupergraphReport> {
  const { supergraphs, firstSeed, operations, shrinkMs } = run;
  let composed = 0;
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const wrong: string[] = [];

  for (let seed = firstSeed; seed < firstSeed + supergraphs; seed += 1) {
    if (wrong.length > 0) break;
    const schemas = generateSupergraph(seed);
    const oracle = oracleOf(schemas);
    if (!oracle) continue;
    composed += 1;
    for (let index = 0; index < operations && wrong.length === 0; index += 1) {
      const question = questionOf(oracle, seed * operations + index);
      for (const contestant of contestants) {
        count(contestant);
        const verdict = await judge(oracle, contestant, question);
        if (!verdict) continue;
        count(`${contestant}: ${verdict.mistake}`);
        if (hasToBeRight(plannerOf(contestant))) {
          const failure = { schemas, contestant, question, verdict };
          wrong.push(textOf(await smallest(failure, shrinkMs), seed));
          break;
        }
      }
    }
  }
  return { supergraphs: composed, counts: Object.fromEntries(counts), wrong };
}

function oracleOf(schemas: Failure['schemas']): Oracle | undefined {
  try {
    return new Oracle({ schemas });
  } catch {
    return undefined;
  }
}

/** A small supergraph and operation with which the same contestant makes the same kind of mistake. */
async function smallest(failure: Failure, timeMs: number): Promise<Failure> {
  const { contestant, verdict } = failure;
  let { question, schemas } = failure;
  const judged = async (
    candidate: Failure['schemas'],
    operation: GeneratedOperation,
  ): Promise<Verdict | undefined> => {
    const oracle = oracleOf(candidate);
    if (!oracle?.isValid(operation)) return undefined;
    const found = await judge(oracle, contestant, { ...question, operation });
    return found?.mistake === verdict.mistake ? found : undefined;
  };
  const shrinkOperation = async (): Promise<void> => {
    const oracle = new Oracle({ schemas });
    const operation = await shrink(oracle.apiSchema, question.operation, async (smaller) => {
      const found = await judge(oracle, contestant, { ...question, operation: smaller });
      return found?.mistake === verdict.mistake;
    });
    question = { ...question, operation };
  };
  await shrinkOperation();
  schemas = await shrinkSupergraph(
    schemas,
    async (smaller) => (await judged(smaller, question.operation)) !== undefined,
    timeMs,
  );
  await shrinkOperation();
  return {
    ...failure,
    schemas,
    question,
    verdict: (await judged(schemas, question.operation)) ?? verdict,
  };
}

function textOf({ schemas, contestant, question, verdict }: Failure, seed: number): string {
  const { operation, world } = question;
  const { mistake, finding, actual, expected } = verdict;
  return [
    `supergraph ${seed}, operation ${question.seed}, ${contestant}: ${mistake}: ${finding}`,
    ...Object.entries(schemas).map(([name, schema]) => `# subgraph ${name}\n${schema}`),
    operation.text,
    `variables ${JSON.stringify(operation.variables)}`,
    `world ${JSON.stringify(world)}`,
    `expected ${expected.data} errors at ${JSON.stringify(expected.errorPaths)}`,
    `actual ${actual?.data} errors at ${JSON.stringify(actual?.errorPaths)} ${JSON.stringify(actual?.messages)}`,
    planOf(schemas, contestant, question),
  ].join('\n');
}

function planOf(
  schemas: Failure['schemas'],
  contestant: Contestant,
  { operation, world }: Question,
): string {
  try {
    return new Oracle({ schemas }).planText(contestant, operation, world);
  } catch {
    return 'no plan';
  }
}
