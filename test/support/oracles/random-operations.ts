import { differenceOf } from './compare.ts';
import { askGateway, isRight, mistakeIn } from './gateway-mistakes.ts';
import { generateOperation, type GeneratedOperation } from './operation-generator.ts';
import { type Answer, type Contestant, type ExpectedAnswer, Oracle } from './oracle.ts';
import { shrink } from './shrink.ts';
import type { WorldOptions } from './world.ts';

/** Subgraph schemas and who is not asked on them. */
export interface Shape {
  /** Schemas by the name of the subgraph, without the federation link. */
  readonly schemas: Readonly<Record<string, string>>;
  /** Why the native planner is not asked at all. */
  readonly withoutNative?: string;
}

/** How many operations, from which seed on; ApolloGateway is asked for each whose seed is a multiple of `gatewayEvery`. */
export interface RandomRun {
  readonly operations: number;
  readonly firstSeed: number;
  readonly gatewayEvery: number;
}

/** What came of a run: nothing but counts when all answers were right. */
export interface ComparisonReport {
  /** How often each contestant was asked, and why one was not. */
  readonly counts: Readonly<Record<string, number>>;
  /** The first answer of the engine that was wrong. */
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
  readonly actual: Answer;
  readonly expected: ExpectedAnswer;
}

/** One operation and the world that it is asked in. */
interface Question {
  readonly seed: number;
  readonly operation: GeneratedOperation;
  readonly world: WorldOptions;
}

/** Compares the answers to random operations on a supergraph. */
export async function compareRandomOperations(
  shape: Shape,
  { operations, firstSeed, gatewayEvery }: RandomRun,
): Promise<ComparisonReport> {
  const oracle = new Oracle(shape.schemas);
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const engine: WrongAnswer[] = [];
  const apolloGateway: WrongAnswer[] = [];

  for (let seed = firstSeed; seed < firstSeed + operations; seed += 1) {
    const operation = generateOperation(oracle.apiSchema, seed);
    const question = { seed, operation, world: { seed, misfortune: seed % 2 === 0 ? 0.06 : 0 } };
    const expected = oracle.expect(operation, question.world);
    if (engine.length === 0) {
      const wrong = await wrongAnswerOfEngine(question, expected, oracle, shape, count);
      if (wrong) engine.push(wrong);
    }
    if (seed % gatewayEvery === 0 && apolloGateway.length === 0) {
      const wrong = await wrongAnswerOfGateway(question, expected, oracle, count);
      if (wrong) apolloGateway.push(wrong);
    }
  }
  return { counts: Object.fromEntries(counts), engine, apolloGateway };
}

type Count = (what: string) => void;

async function wrongAnswerOfEngine(
  question: Question,
  expected: ExpectedAnswer,
  oracle: Oracle,
  shape: Shape,
  count: Count,
): Promise<WrongAnswer | undefined> {
  const { operation, world } = question;
  for (const contestant of contestantsFor(operation, oracle, shape, count)) {
    count(contestant);
    const actual = await oracle.ask(contestant, operation, world);
    if (differenceOf(expected, actual) !== undefined)
      return shrunkForEngine(question, contestant, oracle);
  }
  return undefined;
}

async function wrongAnswerOfGateway(
  question: Question,
  expected: ExpectedAnswer,
  oracle: Oracle,
  count: Count,
): Promise<WrongAnswer | undefined> {
  const { operation, world } = question;
  const actual = await askGateway(oracle, operation, world);
  count('ApolloGateway');
  if (isRight(actual, expected)) return undefined;
  const mistake = await mistakeIn(actual, expected, operation, world, oracle);
  if (mistake === undefined) return shrunkForGateway(question, oracle);
  count(`known mistake "${mistake}"`);
  return undefined;
}

const withApollo: readonly Contestant[] = ['apollo', 'apollo as text'];
const withNative: readonly Contestant[] = ['native', 'native as text', ...withApollo];

function contestantsFor(
  operation: GeneratedOperation,
  oracle: Oracle,
  { withoutNative }: Shape,
  count: Count,
): readonly Contestant[] {
  const reason =
    withoutNative ??
    (oracle.hasMixedRequirements(operation)
      ? 'one field required with different arguments'
      : oracle.nativeRefusal(operation));
  if (reason === undefined) return withNative;
  count(`without native (${reason})`);
  return withApollo;
}

async function shrunkForEngine(
  { seed, operation, world }: Question,
  contestant: Contestant,
  oracle: Oracle,
): Promise<WrongAnswer> {
  const differs = async (smaller: GeneratedOperation): Promise<string | undefined> =>
    differenceOf(oracle.expect(smaller, world), await oracle.ask(contestant, smaller, world));
  const small = await shrink(
    oracle.apiSchema,
    operation,
    async (smaller) => (await differs(smaller)) !== undefined,
  );
  return {
    seed,
    contestant,
    operation: small,
    difference: await differs(small),
    plan: oracle.planText(contestant, small),
    actual: await oracle.ask(contestant, small, world),
    expected: oracle.expect(small, world),
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
