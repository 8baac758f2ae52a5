import { afterAll, describe, expect, it } from '@jest/globals';
import { differenceOf } from './compare.ts';
import { askGateway, isRight, mistakeIn } from './gateway-mistakes.ts';
import { generateOperation, type GeneratedOperation } from './operation-generator.ts';
import { type Contestant, Oracle } from './oracle.ts';
import { shrink } from './shrink.ts';
import type { WorldOptions } from './world.ts';

/** Subgraph schemas and who is not asked on them. */
export interface Shape {
  readonly name: string;
  /** Schemas by the name of the subgraph, without the federation link. */
  readonly schemas: Readonly<Record<string, string>>;
  /** Why the native planner is not asked at all. */
  readonly withoutNative?: string;
}

const operations = Number(process.env.ORACLE_OPERATIONS ?? 500);
const firstSeed = Number(process.env.ORACLE_SEED ?? 1);
/** It takes longer than all others together. */
const gatewayEvery = Number(process.env.ORACLE_GATEWAY_EVERY ?? 5);

/**
 * Random valid operations, answered by the engine with each planner, as objects and as text, by ApolloGateway, and by
 * one graphql-js schema over the same data; every other world has failing resolvers. ORACLE_OPERATIONS (a shape) and
 * ORACLE_SEED make another run; ApolloGateway is asked for one of ORACLE_GATEWAY_EVERY operations.
 */
export function describeRandomOperations(shape: Shape): void {
  const lastSeed = firstSeed + operations - 1;
  describe(`random operations on ${shape.name}, seeds ${firstSeed} to ${lastSeed}`, () => {
    const oracle = new Oracle(shape.schemas);
    const counts = new Map<string, number>();
    const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

    afterAll(() => {
      const text = [...counts].map(([what, times]) => `${what} ${times}`).join(', ');
      process.stdout.write(`${shape.name}, seeds ${firstSeed} to ${lastSeed}: ${text}\n`);
    });

    it('are answered by the engine as the specification says', async () => {
      for (const { seed, operation, world } of runs(oracle)) {
        const expected = oracle.expect(operation, world);
        for (const contestant of contestantsFor(operation, oracle, shape, count)) {
          count(contestant);
          const actual = await oracle.ask(contestant, operation, world);
          if (differenceOf(expected, actual) !== undefined)
            await report(seed, contestant, operation, world, oracle);
        }
      }
    }, 1_800_000);

    it('are answered by ApolloGateway in the same way, its known mistakes aside', async () => {
      for (const { seed, operation, world } of runs(oracle)) {
        if (seed % gatewayEvery !== 0) continue;
        const expected = oracle.expect(operation, world);
        const actual = await askGateway(oracle, operation, world);
        count('ApolloGateway');
        if (isRight(actual, expected)) continue;
        const mistake = await mistakeIn(actual, expected, operation, world, oracle);
        if (mistake === undefined) await reportGateway(seed, operation, world, oracle);
        else count(`known mistake "${mistake}"`);
      }
    }, 1_800_000);
  });
}

function* runs(oracle: Oracle): Iterable<{
  readonly seed: number;
  readonly operation: GeneratedOperation;
  readonly world: WorldOptions;
}> {
  for (let seed = firstSeed; seed < firstSeed + operations; seed += 1) {
    const operation = generateOperation(oracle.apiSchema, seed);
    yield { seed, operation, world: { seed, misfortune: seed % 2 === 0 ? 0.06 : 0 } };
  }
}

const withApollo: readonly Contestant[] = ['apollo', 'apollo as text'];
const withNative: readonly Contestant[] = ['native', 'native as text', ...withApollo];
const withAuto: readonly Contestant[] = ['auto', 'auto as text', ...withApollo];

/** `auto` counts where it is neither of the two others throughout: it has Apollo's planner help the native one out. */
function contestantsFor(
  operation: GeneratedOperation,
  oracle: Oracle,
  { withoutNative }: Shape,
  count: (what: string) => void,
): readonly Contestant[] {
  if (withoutNative !== undefined) {
    count(`without native (${withoutNative})`);
    return oracle.plannerOf('auto') === 'apollo' ? withApollo : withAuto;
  }
  if (oracle.hasMixedRequirements(operation)) {
    count('without native (one field required with different arguments)');
    return withAuto;
  }
  const refusal = oracle.nativeRefusal(operation);
  if (refusal !== undefined) {
    count(`without native (${refusal})`);
    return withAuto;
  }
  return withNative;
}

async function report(
  seed: number,
  contestant: Contestant,
  operation: GeneratedOperation,
  world: WorldOptions,
  oracle: Oracle,
): Promise<void> {
  const differs = async (smaller: GeneratedOperation): Promise<string | undefined> =>
    differenceOf(oracle.expect(smaller, world), await oracle.ask(contestant, smaller, world));
  const small = await shrink(
    oracle.apiSchema,
    operation,
    async (smaller) => (await differs(smaller)) !== undefined,
  );
  expect({
    seed,
    contestant,
    difference: await differs(small),
    operation: small,
    plan: oracle.planText(contestant, small),
    actual: await oracle.ask(contestant, small, world),
  }).toEqual({ expected: oracle.expect(small, world) });
}

async function reportGateway(
  seed: number,
  operation: GeneratedOperation,
  world: WorldOptions,
  oracle: Oracle,
): Promise<void> {
  const isUnknown = async (smaller: GeneratedOperation): Promise<boolean> => {
    const expected = oracle.expect(smaller, world);
    const actual = await askGateway(oracle, smaller, world);
    if (isRight(actual, expected)) return false;
    return (await mistakeIn(actual, expected, smaller, world, oracle)) === undefined;
  };
  const small = await shrink(oracle.apiSchema, operation, isUnknown);
  expect({
    seed,
    operation: small,
    actual: await askGateway(oracle, small, world),
  }).toEqual({ expected: oracle.expect(small, world) });
}
