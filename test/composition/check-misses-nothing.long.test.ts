import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLSchema, parse } from 'graphql';
import { apiRules } from '../../composition/check/api-rules.ts';
import type { Change } from '../../composition/check/change.ts';
import { checkCodeOf } from '../../composition/check/codes.ts';
import { createRandom } from '../support/oracles/random.ts';
import { randomOperation } from './random-changes/random-operation.ts';
import { randomPair } from './random-changes/random-pair.ts';
import { refusalOf } from './random-changes/refusal.ts';

/** Another seed finds other schemas, and more find more: `CHECK_SEED=7 CHECK_SCHEMAS=2000 npm run test:long -- test/composition/check-misses`. */
const seed = Number(process.env.CHECK_SEED ?? 20_261_128);
const schemas = Number(process.env.CHECK_SCHEMAS ?? 100);
const operationsOfEach = 15;

describe('check: no false negatives', () => {
  it(`reports as breaking whatever was valid before and is refused after (seed ${seed})`, () => {
    const random = createRandom(seed);
    let [valid, refused] = [0, 0];
    for (let count = 0; count < schemas; count += 1) {
      const pair = randomPair(random);
      if (!pair) continue;
      const { base, head } = pair;
      const errors = breaking(base, head);
      for (let operations = 0; operations < operationsOfEach; operations += 1) {
        const { text, variables } = randomOperation(base, random);
        const document = parse(text);
        if (refusalOf(base, document, variables) !== undefined) continue;
        valid += 1;
        const refusal = refusalOf(head, document, variables);
        if (refusal === undefined) continue;
        refused += 1;
        if (errors.length > 0) continue;
        throw new Error(
          `Seed ${seed}: not reported, yet refused: ${refusal}\n${text}\n${JSON.stringify(variables)}\n${pair.baseSdl}\n--\n${pair.headSdl}`,
        );
      }
    }
    // Otherwise it proves nothing.
    expect(valid).toBeGreaterThan(schemas * 5);
    expect(refused).toBeGreaterThan(schemas);
  });

  /**
   * The one refusal that is a note: two fields of different names that one operation gives the same alias in fragments. Nearly
   * every field that becomes non-null could be one of them, and a known operation of this kind is found by validation.
   */
  it('takes a field that is never null any more for safe, though aliases may conflict', () => {
    const base = buildSchema(
      'type Query { u: U } union U = A | B type A { x: Int } type B { y: Int }',
    );
    const head = buildSchema(
      'type Query { u: U } union U = A | B type A { x: Int! } type B { y: Int }',
    );
    const document = parse('{ u { ... on A { same: x } ... on B { same: y } } }');
    expect(refusalOf(base, document, {})).toBeUndefined();
    expect(refusalOf(head, document, {})).toContain('conflict');
    expect(breaking(base, head)).toEqual([]);
    expect(apiRules.flatMap((rule) => rule(base, head)).map(({ code }) => code)).toEqual([
      'FIELD_TYPE_NARROWED',
    ]);
  });

  it(`calls breaking what GraphQL Inspector does, apart from known differences (seed ${seed})`, async () => {
    const random = createRandom(seed + 1);
    let compared = 0;
    const differences = new Set<string>();
    for (let count = 0; count < schemas * 2; count += 1) {
      const pair = randomPair(random);
      if (!pair) continue;
      const { base, head } = pair;
      const ours = breaking(base, head).map(({ coordinate = '' }) => dotted(coordinate));
      for (const change of await diff(base, head)) {
        if (change.criticality.level !== CriticalityLevel.Breaking) continue;
        compared += 1;
        const path = pathOf(change);
        if (ours.some((each) => each === path || path.startsWith(`${each}.`))) continue;
        const reason = known.find((each) => each.covers(change));
        if (reason) differences.add(reason.why);
        else
          throw new Error(
            `Seed ${seed + 1}: ${change.type} ${path}: ${change.message}\n${pair.baseSdl}\n--\n${pair.headSdl}`,
          );
      }
    }
    expect(compared).toBeGreaterThan(schemas);
    console.log(
      `seed ${seed + 1}: ${compared} breaking changes compared; differences: ${[...differences].join('; ') || 'none'}`,
    );
  });
});

/** A change as GraphQL Inspector has it. */
interface OtherChange {
  readonly type: string;
  readonly path?: string | undefined;
}

/** Where GraphQL Inspector calls something breaking that is not, and why. */
const known: readonly {
  readonly why: string;
  readonly covers: (change: OtherChange) => boolean;
}[] = [
  {
    why: 'a value of an enum that is in answers only: no operation can name it (a warning here)',
    covers: ({ type }) => type === 'ENUM_VALUE_REMOVED',
  },
];

/** It has no path for the root types. */
function pathOf({ path = '', type }: OtherChange): string {
  return type.startsWith('SCHEMA_MUTATION') ? 'Mutation' : path;
}

/** A coordinate as GraphQL Inspector writes it: `Query.a.x` for `Query.a(x:)`. */
function dotted(coordinate: string): string {
  return coordinate.replace(/\((\w+):\)$/, '.$1');
}

function breaking(base: GraphQLSchema, head: GraphQLSchema): readonly Change[] {
  return apiRules
    .flatMap((rule) => rule(base, head))
    .filter(({ code, severity }) => (severity ?? checkCodeOf(code).severity) === 'error');
}
