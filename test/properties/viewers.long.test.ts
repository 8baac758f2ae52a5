import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { expectOwnAnswers } from './own-answers.ts';
import { startStorefrontAndApollo, type StorefrontAndApollo } from './storefront-and-apollo.ts';

describe('properties: many viewers', () => {
  let both: StorefrontAndApollo;

  beforeAll(async () => {
    both = await startStorefrontAndApollo();
  });
  afterAll(() => both.stop());

  it('threat 43: gives everybody their own, in any order of 1,000 requests, three times', () =>
    expectOwnAnswers(both, { requests: 1_000, runs: 3 }));
});
