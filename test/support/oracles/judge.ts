import { Kind, OperationTypeNode, parse } from 'graphql';
import { messageOf } from '../../../common/errors.ts';
import { differenceOf } from './compare.ts';
import { isNativePlannerInstalled } from './native-planner.ts';
import { unexplainedIn } from './nulls-explained.ts';
import type { GeneratedOperation } from './operation-generator.ts';
import type {
  ComparedPlanner,
  Contestant,
  EngineAnswer,
  ExpectedAnswer,
  Oracle,
} from './oracle.ts';
import type { WorldOptions } from './world.ts';

/** One operation and the world that it is asked in. */
export interface Question {
  readonly seed: number;
  readonly operation: GeneratedOperation;
  readonly world: WorldOptions;
}

/** In what an answer, or a request on the way to it, is wrong. */
export type Mistake =
  /** Data or errors are not those of the schema over everything. */
  | 'answer'
  /** The same, of several mutations, which must not overlap (GraphQL spec §6.2.2). */
  | 'answer to several mutations'
  /** A subgraph was sent what is not valid on its schema. */
  | 'request'
  /** A failure left a null in the answer, and no error explains it. */
  | 'null without an error';

/** What is wrong with an answer. */
export interface Verdict {
  readonly mistake: Mistake;
  readonly finding: string;
  readonly actual?: EngineAnswer;
  readonly expected: ExpectedAnswer;
}

/**
 * What a planner is known to do wrong: it is counted and fails no run. A planner of which nothing is known here has to
 * be right.
 */
export const knownMistakes: Readonly<Record<ComparedPlanner, readonly Mistake[]>> = {
  own: [],
  apollo: ['answer', 'answer to several mutations', 'request', 'null without an error'],
  native: ['answer', 'answer to several mutations', 'request', 'null without an error'],
};

/** Why the native planner is not asked, though it was wanted; `undefined` where it is asked or was not wanted. */
export const withoutNative =
  isWanted('native') && !isNativePlannerInstalled()
    ? 'without the native planner, which is not installed (npm ci --ignore-scripts in bench/)'
    : undefined;

/** The planners that have to be right, then the others; ORACLE_PLANNERS names those to be asked, instead of all. */
export const planners: readonly ComparedPlanner[] = (
  Object.keys(knownMistakes) as ComparedPlanner[]
)
  .filter((planner) => isWanted(planner) && (planner !== 'native' || withoutNative === undefined))
  .sort((one, other) => knownMistakes[one].length - knownMistakes[other].length);

function isWanted(planner: ComparedPlanner): boolean {
  return process.env.ORACLE_PLANNERS?.split(',').includes(planner) ?? true;
}

/** True for a planner of which no mistake is known. */
export function hasToBeRight(planner: ComparedPlanner): boolean {
  return knownMistakes[planner].length === 0;
}

/** Asks the engine, and says what is wrong with its answer; `undefined` when nothing is. */
export async function judge(
  oracle: Oracle,
  contestant: Contestant,
  { operation, world }: Pick<Question, 'operation' | 'world'>,
): Promise<Verdict | undefined> {
  const expected = oracle.expect(operation, world);
  let actual: EngineAnswer;
  try {
    actual = await oracle.ask(contestant, operation, world);
  } catch (error) {
    return { mistake: 'answer', finding: `throws: ${messageOf(error)}`, expected };
  }
  const [refused] = actual.refused;
  if (refused !== undefined) return { mistake: 'request', finding: refused, actual, expected };
  const finding = world.faults
    ? findingAfterFaults(oracle, operation, world, expected, actual)
    : differenceOf(expected, actual);
  if (finding === undefined) return undefined;
  if (finding.startsWith('null without'))
    return { mistake: 'null without an error', finding, actual, expected };
  const mistake = hasSeveralMutations(operation) ? 'answer to several mutations' : 'answer';
  return { mistake, finding, actual, expected };
}

function findingAfterFaults(
  oracle: Oracle,
  operation: GeneratedOperation,
  { faults }: WorldOptions,
  expected: ExpectedAnswer,
  actual: EngineAnswer,
): string | undefined {
  return unexplainedIn({
    expected: JSON.parse(expected.data),
    actual: JSON.parse(actual.data),
    // An entity that does not exist for one subgraph is null without an error.
    errorPaths: faults === 'silent' ? [[]] : actual.errorPaths,
    ...oracle.dependentKeys(operation),
  });
}

/** The planner of a contestant. */
export function plannerOf(contestant: Contestant): ComparedPlanner {
  return contestant.replace(' as text', '') as ComparedPlanner;
}

/** True for a mutation of more than one field, or of fields in fragments. */
export function hasSeveralMutations({ text }: GeneratedOperation): boolean {
  const [definition] = parse(text).definitions;
  return (
    definition?.kind === Kind.OPERATION_DEFINITION &&
    definition.operation === OperationTypeNode.MUTATION &&
    (definition.selectionSet.selections.length > 1 ||
      definition.selectionSet.selections[0]?.kind !== Kind.FIELD)
  );
}
