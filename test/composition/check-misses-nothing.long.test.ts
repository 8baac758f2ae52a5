import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { describe, expect, it } from '@jest/globals';
import { type GraphQLSchema, isRequiredArgument, parse, validate } from 'graphql';
import { apiRules } from '../../composition/check/api-rules.ts';
import type { Change } from '../../composition/check/change.ts';
import { checkCodeOf } from '../../composition/check/codes.ts';
import { operationChanges } from '../../composition/check/rules/operations.ts';
import { indexOperations } from '../../composition/check/usage/operation-index.ts';
import { weighUsage } from '../../composition/check/weigh-usage.ts';
import { usedCoordinates } from '../../composition/operations/used-coordinates.ts';
import { createRandom } from '../support/oracles/random.ts';
import { randomOperation } from './random-changes/random-operation.ts';
import { randomPair } from './random-changes/random-pair.ts';
import { refusalOf } from './random-changes/refusal.ts';

/** Another seed finds other schemas, and more find more: `CHECK_SEED=7 CHECK_SCHEMAS=2000 npm run test:long -- test/composition/check-misses`. */
const seed = Number(process.env.CHECK_SEED ?? 20_261_128);
const schemas = Number(process.env.CHECK_SCHEMAS ?? 100);
const operationsOfEach = 15;

/**
 * What is promised of an operation that the base takes and the head refuses, with its variables:
 * - Sent according to a usage log, which has no variables: an error names it, and nothing that it uses counts as unused.
 * - Known to no one: an error is about something that it uses; or it gives fields of two names one alias, one of them is never
 *   null any more, and a warning says so.
 */
describe('check: no false negatives', () => {
  it(`reports whatever was valid before and is refused after, and what of the operation it is about (seed ${seed})`, () => {
    const random = createRandom(seed);
    let [valid, refused, byAlias, widened] = [0, 0, 0, 0];
    for (let count = 0; count < schemas; count += 1) {
      const pair = randomPair(random);
      if (!pair) continue;
      const { base, head } = pair;
      const changes = apiRules.flatMap((rule) => rule(base, head));
      const isOfAlias = changes.some(({ code }) => code === 'FIELD_ALIAS_CONFLICT');
      widened += Number(isOfAlias);
      // Few operations have the alias that breaks.
      const most = operationsOfEach * (isOfAlias ? 20 : 1);
      for (let operations = 0; operations < most; operations += 1) {
        const { text, variables } = randomOperation(base, random, isOfAlias);
        const document = parse(text);
        if (refusalOf(base, document, variables) !== undefined) continue;
        valid += 1;
        const refusal = refusalOf(head, document, variables);
        if (refusal === undefined) continue;
        refused += 1;
        const logged = { name: 'Random', document, clients: [] };
        const met = changes
          .map((change) =>
            weighUsage(change, indexOperations(base, [logged]), { afterDays: 30, gap: undefined }),
          )
          .filter(({ operations: affected = [] }) => affected.length > 0);
        if (met.some(isError)) continue;
        const used = usedCoordinates(base, document);
        const isByAlias = changes.some(
          ({ code, coordinate = '' }) => code === 'FIELD_ALIAS_CONFLICT' && used.has(coordinate),
        );
        if (isByAlias && refusal.includes('conflict')) {
          byAlias += 1;
          const found = operationChanges(base, head, [logged]);
          expect(found.map(({ code }) => code)).toEqual(['OPERATION_BROKEN']);
          continue;
        }
        throw new Error(
          `Seed ${seed}: not reported, yet refused: ${refusal}\n${text}\n${JSON.stringify(variables)}\n${pair.baseSdl}\n--\n${pair.headSdl}`,
        );
      }
    }
    // Otherwise it proves nothing.
    expect(valid).toBeGreaterThan(schemas * 5);
    expect(refused).toBeGreaterThan(schemas);
    expect(byAlias).toBeGreaterThan(schemas / 20);
    expect(widened).toBeGreaterThan(schemas / 100);
    console.log(
      `seed ${seed}: ${valid} operations valid before, ${refused} refused after, ${byAlias} of them because of an alias alone`,
    );
  });

  it(`shows for an alias an operation that graphql-js takes before and refuses after (seed ${seed})`, () => {
    const random = createRandom(seed + 2);
    let [shown, bare] = [0, 0];
    for (let count = 0; count < schemas * 3; count += 1) {
      const pair = randomPair(random);
      if (!pair) continue;
      const { base, head } = pair;
      for (const { code, details } of apiRules.flatMap((rule) => rule(base, head))) {
        if (code !== 'FIELD_ALIAS_CONFLICT') continue;
        const [example] = details ?? [];
        if (example === undefined) bare += 1;
        else {
          shown += 1;
          const document = parse(example.replace('for example: ', ''));
          expect(validate(base, document)).toEqual([]);
          expect(validate(head, document)[0]?.message).toContain('conflict');
        }
      }
    }
    expect(shown).toBeGreaterThan(schemas / 20);
    console.log(
      `seed ${seed + 2}: ${shown} warnings of aliases have an example, ${bare} have none`,
    );
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
        const reason = known.find((each) => each.covers(change, head));
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
  readonly covers: (change: OtherChange, head: GraphQLSchema) => boolean;
}[] = [
  {
    why: 'a value of an enum that is in answers only: no operation can name it (a warning here)',
    covers: ({ type }) => type === 'ENUM_VALUE_REMOVED',
  },
  {
    why: 'a new argument of a directive that has a default: it need not be given',
    covers: ({ type }, head) =>
      type === 'DIRECTIVE_ARGUMENT_ADDED' &&
      head.getDirective('mark')?.args.some(isRequiredArgument) === false,
  },
];

/** It has no path for the root types. */
function pathOf({ path = '', type }: OtherChange): string {
  if (type.startsWith('SCHEMA_SUBSCRIPTION')) return 'Subscription';
  return type.startsWith('SCHEMA_MUTATION') ? 'Mutation' : path;
}

/** A coordinate as GraphQL Inspector writes it: `Query.a.x` for `Query.a(x:)`. */
function dotted(coordinate: string): string {
  return coordinate.replace(/\((\w+):\)$/, '.$1');
}

function breaking(base: GraphQLSchema, head: GraphQLSchema): readonly Change[] {
  return apiRules.flatMap((rule) => rule(base, head)).filter(isError);
}

function isError({ code, severity, isUnused }: Change): boolean {
  return !isUnused && (severity ?? checkCodeOf(code).severity) === 'error';
}
