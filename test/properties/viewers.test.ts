import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLSchema } from 'graphql';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { generateOperation } from '../support/oracles/operation-generator.ts';
import { propertyTimeoutMs, runs } from './runs.ts';
import { expectSound, sendJson } from './sound-answer.ts';
import {
  startStorefrontAndApollo,
  type StorefrontAndApollo,
  type ViewerName,
  viewers,
} from './storefront-and-apollo.ts';

const interleavedRuns = runs(1 / 40);

/** Whoever asks whatever of the storefront: the answer is theirs, and the one that Apollo Server gives. */
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
    `threat 43: gives everybody their own, in any order of 1,000 requests (${interleavedRuns} runs)`,
    async () => {
      const own = await ownAnswers(both);
      const order = fc.array(
        fc.record({
          who: viewer,
          what: fc.nat(questions.length - 1),
        }),
        { minLength: 1_000, maxLength: 1_000 },
      );
      const property = fc.asyncProperty(
        order,
        fc.integer({ min: 1, max: 64 }),
        async (requests, concurrency) => {
          const rest = requests.values();
          const askOn = async (): Promise<void> => {
            for (const { who, what } of rest) {
              const answer = await sendJson(
                both.gateway.url,
                JSON.stringify(questions[what]),
                both.headersOf(who),
              );
              expect({ who, text: answer.text }).toEqual({ who, text: own.get(`${who} ${what}`) });
              if (who !== 'nobody') expect(answer.headers.get('cache-control')).toBe('no-store');
            }
          };
          await Promise.all(Array.from({ length: concurrency }, askOn));
        },
      );
      // An order of 1,000 is not made smaller: what fails by chance would hide what fails.
      await fc.assert(property, { numRuns: interleavedRuns, endOnFailure: true });
    },
    propertyTimeoutMs + 20_000 * interleavedRuns,
  );
});

/** The same text for all, with public parts and private ones, and with an order that is John's. */
const questions = [
  { query: '{ me { id email } }' },
  { query: '{ me { id email orders(first: 2) { nodes { id user { id email } } } } }' },
  {
    query: 'query ($id: ID!) { me { email } order(id: $id) { id user { email } } }',
    variables: { id: '123' },
  },
  { query: '{ product(id: "1") { name reviews { user { id email } } } me { email } }' },
];

const emails = {
  john: 'john@example.com',
  jane: 'jane@example.com',
  admin: 'admin@example.com',
} as const;

/** What each viewer is answered when nobody else asks; of the accounts it names theirs and no other. */
async function ownAnswers(both: StorefrontAndApollo): Promise<ReadonlyMap<string, string>> {
  const own = new Map<string, string>();
  for (const who of viewers) {
    for (const [what, question] of questions.entries()) {
      const body = JSON.stringify(question);
      const { text } = await sendJson(both.apollo.url, body, both.headersOf(who));
      const { me } = (JSON.parse(text) as { data: { me: { email: string } | null } }).data;
      expect({ who, email: me?.email }).toEqual({ who, email: emailOf(who) });
      const others = Object.values(emails).filter((email) => email !== emailOf(who));
      // An admin may see everybody's.
      if (who !== 'admin') for (const email of others) expect(text).not.toContain(email);
      own.set(`${who} ${what}`, text);
    }
  }
  return own;
}

function emailOf(who: ViewerName): string | undefined {
  return who === 'nobody' ? undefined : emails[who];
}
