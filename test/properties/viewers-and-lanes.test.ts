import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLSchema } from 'graphql';
import { readSupergraph } from '../../gateway/planning/supergraph.ts';
import { generateOperation } from '../support/oracles/operation-generator.ts';
import { propertyTimeoutMs, runs } from './runs.ts';
import { expectSound, sendJson } from './sound-answer.ts';
import {
  startStorefrontLanes,
  type StorefrontLanes,
  type ViewerName,
  viewers,
} from './storefront-lanes.ts';

const interleavedRuns = runs(1 / 40);

/** Whoever asks whatever of the storefront: the answer is theirs, and the same on both lanes. */
describe('properties: viewers and lanes', () => {
  let lanes: StorefrontLanes;

  beforeAll(async () => {
    lanes = await startStorefrontLanes();
  });
  afterAll(() => lanes.stop());

  const viewer = fc.constantFrom(...viewers);

  it(
    `answers any valid query of any viewer alike on both lanes (${runs()} runs)`,
    async () => {
      // What a mutation answers depends on the one before.
      const { apiSchema } = readSupergraph(lanes.supergraph);
      const schema = new GraphQLSchema({ ...apiSchema.toConfig(), mutation: undefined });
      const takenBefore = takenDirectly(lanes);
      let answered = 0;
      const property = fc.asyncProperty(fc.integer({ min: 1 }), viewer, async (seed, who) => {
        const { text: query, variables } = generateOperation(schema, seed);
        const body = JSON.stringify({ query, variables });
        const ask = async (url: string): Promise<unknown> => {
          const answer = await sendJson(url, body, lanes.headersOf(who));
          expectSound(answer);
          expect([200, 400]).toContain(answer.status);
          if (answer.status === 200) answered += 1;
          const [type, control] = ['content-type', 'cache-control'].map((name) =>
            answer.headers.get(name),
          );
          return { status: answer.status, type, control, text: answer.text };
        };
        const expected = await ask(lanes.apolloOnly.url);
        expect({ query, variables, first: await ask(lanes.both.url) }).toEqual({
          query,
          variables,
          first: expected,
        });
        expect({ query, variables, second: await ask(lanes.both.url) }).toEqual({
          query,
          variables,
          second: expected,
        });
      });
      await fc.assert(property, { numRuns: runs() });
      // The property would hold of a lane that takes nothing, too.
      expect(answered).toBeGreaterThan(0);
      expect(takenDirectly(lanes) - takenBefore).toBeGreaterThan(answered / 10);
    },
    propertyTimeoutMs,
  );

  it(
    `threat 43: gives everybody their own, in any order of 1,000 requests on both lanes (${interleavedRuns} runs)`,
    async () => {
      const own = await ownAnswers(lanes);
      const order = fc.array(
        fc.record({
          who: viewer,
          what: fc.nat(questions.length - 1),
          lane: fc.constantFrom('both', 'apolloOnly'),
        }),
        { minLength: 1_000, maxLength: 1_000 },
      );
      const property = fc.asyncProperty(
        order,
        fc.integer({ min: 1, max: 64 }),
        async (requests, concurrency) => {
          const rest = requests.values();
          const takenBefore = takenDirectly(lanes);
          const askOn = async (): Promise<void> => {
            for (const { who, what, lane } of rest) {
              const answer = await sendJson(
                lanes[lane].url,
                JSON.stringify(questions[what]),
                lanes.headersOf(who),
              );
              expect({ who, text: answer.text }).toEqual({ who, text: own.get(`${who} ${what}`) });
              if (who !== 'nobody') expect(answer.headers.get('cache-control')).toBe('no-store');
            }
          };
          await Promise.all(Array.from({ length: concurrency }, askOn));
          expect(takenDirectly(lanes) - takenBefore).toBeGreaterThan(300);
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
async function ownAnswers(lanes: StorefrontLanes): Promise<ReadonlyMap<string, string>> {
  const own = new Map<string, string>();
  for (const who of viewers) {
    for (const [what, question] of questions.entries()) {
      const body = JSON.stringify(question);
      const { text } = await sendJson(lanes.apolloOnly.url, body, lanes.headersOf(who));
      // The direct lane learns it from the first who asks.
      await sendJson(lanes.both.url, body, lanes.headersOf(who));
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

/** How many answers the log names the direct lane for. */
function takenDirectly({ both }: StorefrontLanes): number {
  return both.log.filter(({ lane }) => lane === 'direct').length;
}
