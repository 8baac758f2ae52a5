import { expect } from '@jest/globals';
import fc from 'fast-check';
import { sendJson } from './sound-answer.ts';
import { type StorefrontAndApollo, type ViewerName, viewers } from './storefront-and-apollo.ts';

/**
 * Expects that concurrent viewers, in random order, get the same responses as alone, and that these must not be cached.
 */
export async function expectOwnAnswers(
  both: StorefrontAndApollo,
  { requests, runs }: { readonly requests: number; readonly runs: number },
): Promise<void> {
  const own = await ownAnswers(both);
  const order = fc.array(
    fc.record({
      who: fc.constantFrom(...viewers),
      what: fc.nat(questions.length - 1),
    }),
    { minLength: requests, maxLength: requests },
  );
  const property = fc.asyncProperty(
    order,
    fc.integer({ min: 1, max: 64 }),
    async (asked, concurrency) => {
      const rest = asked.values();
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
  // An order is not shrunk: random failures would hide the real one.
  await fc.assert(property, { numRuns: runs, endOnFailure: true });
}

/** The same text for all, with public parts and private ones, and with an order of John. */
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

/** The response for each viewer when there are no other viewers; it contains only the viewer's own account. */
async function ownAnswers(both: StorefrontAndApollo): Promise<ReadonlyMap<string, string>> {
  const own = new Map<string, string>();
  for (const who of viewers) {
    for (const [what, question] of questions.entries()) {
      const body = JSON.stringify(question);
      const { text } = await sendJson(both.apollo.url, body, both.headersOf(who));
      const { me } = (JSON.parse(text) as { data: { me: { email: string } | null } }).data;
      expect({ who, email: me?.email }).toEqual({ who, email: emailOf(who) });
      const others = Object.values(emails).filter((email) => email !== emailOf(who));
      // An admin may see all accounts.
      if (who !== 'admin') for (const email of others) expect(text).not.toContain(email);
      own.set(`${who} ${what}`, text);
    }
  }
  return own;
}

function emailOf(who: ViewerName): string | undefined {
  return who === 'nobody' ? undefined : emails[who];
}
