import { differenceOf } from './compare.ts';
import { askGateway, isRight, mistakeIn } from './gateway-mistakes.ts';
import {
  hasToBeRight,
  judge,
  knownMistakes,
  type Mistake,
  plannerOf,
  planners,
  type Question,
  type Verdict,
} from './judge.ts';
import type { GeneratedOperation } from './operation-generator.ts';
import { type Answer, type Contestant, type ExpectedAnswer, Oracle, type Shape } from './oracle.ts';
import { questionOf } from './questions.ts';
import { shrink } from './shrink.ts';

/** How many operations, from which seed on; ApolloGateway is asked for each whose seed is a multiple of `gatewayEvery`. */
export interface RandomRun {
  readonly operations: number;
  readonly firstSeed: number;
  readonly gatewayEvery: number;
}

/** The result of a run: only counts when all answers were right. */
export interface ComparisonReport {
  /** How often each contestant was asked, and why one was not. */
  readonly counts: Readonly<Record<string, number>>;
  /** The first answer of the engine that no known mistake of its planner explains. */
  readonly engine: readonly WrongAnswer[];
  /** The first answer of ApolloGateway that no known mistake of its explains. */
  readonly apolloGateway: readonly WrongAnswer[];
}

/** A wrong answer, with the smallest operation that still gets one. */
interface WrongAnswer {
  readonly seed: number;
  readonly contestant: string;
  readonly operation: GeneratedOperation;
  readonly difference: string | undefined;
  readonly plan?: string;
  readonly actual: Answer | undefined;
  readonly expected: ExpectedAnswer;
}

/** Compares the answers to random operations on a supergraph. */
export async function compareRandomOperations(
  shape: Shape,
  { operations, firstSeed, gatewayEvery }: RandomRun,
): Promise<ComparisonReport> {
  const oracle = new Oracle(shape);
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const engine: WrongAnswer[] = [];
  const apolloGateway: WrongAnswer[] = [];

  for (let seed = firstSeed; seed < firstSeed + operations; seed += 1) {
    const question = questionOf(oracle, seed);
    if (engine.length === 0) {
      const wrong = await wrongAnswerOfEngine(question, oracle, shape, count);
      if (wrong) engine.push(wrong);
    }
    if (seed % gatewayEvery === 0 && apolloGateway.length === 0) {
      const wrong = await wrongAnswerOfGateway(question, oracle, shape, count);
      if (wrong) apolloGateway.push(wrong);
    }
  }
  return { counts: Object.fromEntries(counts), engine, apolloGateway };
}

type Count = (what: string) => void;

async function wrongAnswerOfEngine(
  question: Question,
  oracle: Oracle,
  shape: Shape,
  count: Count,
): Promise<WrongAnswer | undefined> {
  for (const contestant of contestants) {
    count(contestant);
    const verdict = await judge(oracle, contestant, question);
    if (!verdict) continue;
    if (!isKnown(contestant, verdict.mistake, shape))
      return shrunkForEngine(question, contestant, verdict, oracle);
    count(`${contestant}: ${verdict.mistake}`);
  }
  return undefined;
}

function isKnown(contestant: Contestant, mistake: Mistake, { isBeyond = [] }: Shape): boolean {
  const planner = plannerOf(contestant);
  if (hasToBeRight(planner)) return false;
  return knownMistakes[planner].includes(mistake) || isBeyond.includes(planner);
}

async function wrongAnswerOfGateway(
  { seed, operation, world: { faults: _, ...world } }: Question,
  oracle: Oracle,
  { withoutApolloGateway }: Shape,
  count: Count,
): Promise<WrongAnswer | undefined> {
  if (withoutApolloGateway !== undefined) {
    count(`without ApolloGateway (${withoutApolloGateway})`);
    return undefined;
  }
  const expected = oracle.expect(operation, world);
  const actual = await askGateway(oracle, operation, world);
  count('ApolloGateway');
  if (isRight(actual, expected)) return undefined;
  const mistake = await mistakeIn(actual, expected, operation, world, oracle);
  if (mistake === undefined) return shrunkForGateway({ seed, operation, world }, oracle);
  count(`known mistake "${mistake}"`);
  return undefined;
}

/** Each planner, and both ways to answer. */
const contestants: readonly Contestant[] = planners.flatMap(
  (planner) => [planner, `${planner} as text`] as const,
);

async function shrunkForEngine(
  question: Question,
  contestant: Contestant,
  verdict: Verdict,
  oracle: Oracle,
): Promise<WrongAnswer> {
  const { seed, operation, world } = question;
  const judged = async (smaller: GeneratedOperation): Promise<Verdict | undefined> => {
    const found = await judge(oracle, contestant, { operation: smaller, world });
    return found?.mistake === verdict.mistake ? found : undefined;
  };
  const small = await shrink(
    oracle.apiSchema,
    operation,
    async (smaller) => (await judged(smaller)) !== undefined,
  );
  const { mistake, finding, actual, expected } = (await judged(small)) ?? verdict;
  return {
    seed,
    contestant,
    operation: small,
    difference: `${mistake}: ${finding}`,
    plan: oracle.planText(contestant, small, world),
    actual,
    expected,
  };
}

async function shrunkForGateway(
  { seed, operation, world }: Question,
  oracle: Oracle,
): Promise<WrongAnswer> {
  const isUnknown = async (smaller: GeneratedOperation): Promise<boolean> => {
    const expected = oracle.expect(smaller, world);
    const actual = await askGateway(oracle, smaller, world);
    if (isRight(actual, expected)) return false;
    return (await mistakeIn(actual, expected, smaller, world, oracle)) === undefined;
  };
  const small = await shrink(oracle.apiSchema, operation, isUnknown);
  const actual = await askGateway(oracle, small, world);
  const expected = oracle.expect(small, world);
  return {
    seed,
    contestant: 'ApolloGateway',
    operation: small,
    difference: differenceOf(expected, actual),
    actual,
    expected,
  };
}
