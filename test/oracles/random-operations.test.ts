import { describe, expect, it } from '@jest/globals';
import { differenceOf } from '../support/oracles/compare.ts';
import { generateOperation } from '../support/oracles/operation-generator.ts';
import { type Contestant, Oracle } from '../support/oracles/oracle.ts';
import { shrink } from '../support/oracles/shrink.ts';
import { interfaceObjects } from './supergraphs/interface-objects.ts';
import { keysAndRequirements } from './supergraphs/keys-and-requirements.ts';
import { storefront } from './supergraphs/storefront.ts';
import { unionsAndLists } from './supergraphs/unions-and-lists.ts';

/**
 * Random valid operations, answered by the engine with each planner, as objects and as text, and by one graphql-js
 * schema over the same data; every other world has failing resolvers. ORACLE_OPERATIONS and ORACLE_SEED make a longer
 * run; ORACLE_SHAPES=all takes in the shapes on which differences are still known.
 */
const contestants: readonly Contestant[] = ['auto', 'auto as text', 'apollo', 'apollo as text'];
const operations = Number(process.env.ORACLE_OPERATIONS ?? 400);
const firstSeed = Number(process.env.ORACLE_SEED ?? 1);
const alwaysCompared = { storefront, 'keys and requirements': keysAndRequirements };
const shapes = Object.entries(
  process.env.ORACLE_SHAPES === 'all'
    ? {
        ...alwaysCompared,
        'unions and lists': unionsAndLists,
        'interface objects': interfaceObjects,
      }
    : alwaysCompared,
);

describe(`random operations, ${operations} a shape from seed ${firstSeed}`, () => {
  it.each(shapes)(
    'are answered as the specification says: %s',
    async (_name, schemas) => {
      const oracle = new Oracle(schemas);
      for (let seed = firstSeed; seed < firstSeed + operations; seed += 1) {
        const operation = generateOperation(oracle.apiSchema, seed);
        const world = { seed, misfortune: seed % 2 === 0 ? 0.06 : 0 };
        const expected = oracle.expect(operation, world);
        for (const contestant of contestants) {
          const differs = async (smaller: typeof operation): Promise<string | undefined> =>
            differenceOf(
              oracle.expect(smaller, world),
              await oracle.ask(contestant, smaller, world),
            );
          const actual = await oracle.ask(contestant, operation, world);
          if (differenceOf(expected, actual) === undefined) continue;
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
      }
    },
    600_000,
  );
});
