import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { subscriptionConditionIn } from './subscription-condition.ts';

const schema = buildSchema(
  'type Query { q: Int } type Subscription { f: Int o: O } type O { f: Int }',
);

describe('common/subscription-condition', () => {
  it.each([
    'subscription ($s: Boolean!) { f @skip(if: $s) }',
    'subscription ($s: Boolean!) { f @include(if: $s) }',
    'subscription { f @skip(if: true) }',
    'subscription { f @skip }',
    'subscription { f @skip(if: "x") }',
    'subscription { f ... @include(if: $a) { f } }',
    'subscription { ... on Subscription { ... { f @include(if: $a) } } }',
    'subscription { ...A @include(if: $a) } fragment A on Subscription { f }',
    'subscription { ...A } fragment A on Subscription { ...B } fragment B on Subscription { f @skip }',
    'subscription { ...A } fragment A on Subscription { ...A f @skip(if: $a) }',
    'subscription { ...A } fragment A on Subscription { f } fragment A on Subscription { f @skip }',
    'query Q { q } subscription S { f } subscription T { f @include(if: $t) }',
  ])('finds the condition in %s', (query) => {
    expect(subscriptionConditionIn(parse(query))).toMatch(
      /^The root .* must not have "@(skip|include)"/,
    );
  });

  it.each([
    'subscription { f }',
    'subscription ($s: Boolean!) { o { f @skip(if: $s) } }',
    'subscription { ...A ...None } fragment A on Subscription { ...A o { ...B } } fragment B on O { f @skip }',
    'query ($s: Boolean!) { q @skip(if: $s) }',
    'mutation { m @skip }',
    'subscription { f @deprecated }',
    'subscription { f } fragment A on Subscription { f @skip }',
  ])('finds none in %s, and graphql-js validates it without throwing', (query) => {
    const document = parse(query);
    expect(subscriptionConditionIn(document)).toBeUndefined();
    expect(() => validate(schema, document)).not.toThrow();
  });

  it('reads fragments only once that spread each other 2^200 times', () => {
    const bomb = Array.from(
      { length: 200 },
      (_, n) => `fragment F${n} on Subscription { ...F${n + 1} ...F${n + 1} }`,
    );
    const document = parse(`subscription { ...F0 } ${bomb.join(' ')}`);
    expect(subscriptionConditionIn(document)).toBeUndefined();
  });
});
