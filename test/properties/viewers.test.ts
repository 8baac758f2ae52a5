import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLSchema } from 'graphql';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { generateOperation } from '../support/oracles/operation-generator.ts';
import { expectOwnAnswers } from './own-answers.ts';
import { propertyTimeoutMs, runs } from './runs.ts';
import { expectSound, sendJson } from './sound-answer.ts';
import {
  startStorefrontAndApollo,
  type StorefrontAndApollo,
  viewers,
} from './storefront-and-apollo.ts';

/** For any viewer and any request to the storefront: the response is theirs, and the same as that of Apollo Server. */
describe('properties: viewers', () => {
  let both: StorefrontAndApollo;

  beforeAll(async () => {
    both = await startStorefrontAndApollo();
  });
  afterAll(() => both.stop());

  const viewer = fc.constantFrom(...viewers);

  it(
    `answers any valid query of any viewer as Apollo Server does (${runs()} runs)`,
    async () => {
      // What a mutation answers depends on the one before.
      const { apiSchema } = readSupergraph(both.supergraph);
      const schema = new GraphQLSchema({ ...apiSchema.toConfig(), mutation: undefined });
      let answered = 0;
      const property = fc.asyncProperty(fc.integer({ min: 1 }), viewer, async (seed, who) => {
        const { text: query, variables } = generateOperation(schema, seed);
        const body = JSON.stringify({ query, variables });
        const ask = async (url: string): Promise<unknown> => {
          const answer = await sendJson(url, body, both.headersOf(who));
          if (url === both.gateway.url) expectSound(answer);
          expect([200, 400]).toContain(answer.status);
          if (answer.status === 200) answered += 1;
          const type = answer.headers.get('content-type');
          // Of an answer that is a viewer's, the gateway says that no cache may keep it.
          const control = who === 'nobody' ? answer.headers.get('cache-control') : undefined;
          return { status: answer.status, type, control, text: answer.text };
        };
        const expected = await ask(both.apollo.url);
        expect({ query, variables, first: await ask(both.gateway.url) }).toEqual({
          query,
          variables,
          first: expected,
        });
        expect({ query, variables, second: await ask(both.gateway.url) }).toEqual({
          query,
          variables,
          second: expected,
        });
      });
      await fc.assert(property, { numRuns: runs() });
      expect(answered).toBeGreaterThan(0);
    },
    propertyTimeoutMs,
  );

  it(
    'threat 43: gives everybody their own, in any order of 90 requests',
    () => expectOwnAnswers(both, { requests: 90, runs: runs(1 / 40) }),
    propertyTimeoutMs,
  );
});
