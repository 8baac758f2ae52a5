import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'graphql';
import { bytesOnSocket, hostileBytes } from './bytes-on-socket.ts';
import { type GatewayAndApollo, startGatewayAndApollo } from './gateway-and-apollo.ts';
import { hostileDocument } from './hostile-document.ts';
import { jsonText } from './json-text.ts';
import { propertyTimeoutMs, runs } from './runs.ts';
import { type Answer, expectSound, prototypes, send, sendJson } from './sound-answer.ts';

const socketRuns = runs(0.5);
const jsonRuns = runs(1.5);

const known = [
  '{ me }',
  'query ($id: ID!) { author(id: $id) { id name } }',
  'query A($id: ID) { __typename me } query B { books { id } }',
  'query ($if: Boolean! = true) { me @include(if: $if) }',
  'mutation ($input: LoginInput!) { login(input: $input) { session { expiresIn } } }',
];

const contentTypes = [
  undefined,
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/graphql',
  'application/graphql+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=a',
  'text/plain',
  'APPLICATION/JSON',
  'application/json;',
  ';',
  '*/*',
  'a'.repeat(2_000),
];

/** Most texts made of these are no GraphQL. */
const pieces = [
  '{',
  '}',
  ' me ',
  '...F ',
  'fragment F on Query ',
  ' __typename ',
  ' a: ',
  '__proto__: ',
  '@skip(if: true) ',
  'query Q ',
  'author(id: 1) ',
  ' name ',
  '(',
  ')',
  '$v',
  ': Int',
  '... on Query ',
  '"',
  '#\n',
  '!',
  '[',
];

/** Whatever comes in, it is answered as a client's mistake, as Apollo Server answers it, and leaves nothing behind. */
describe('properties: hostile requests', () => {
  let both: GatewayAndApollo;
  let before: unknown;

  beforeAll(async () => {
    both = await startGatewayAndApollo();
  });
  beforeEach(async () => {
    const variables = { id: '1', input: { email: 'a', password: 'b' } };
    for (const query of known) {
      await sendJson(both.gateway.url, JSON.stringify({ query, variables }));
    }
    before = prototypes();
  });
  afterEach(async () => {
    expect(prototypes()).toEqual(before);
    for (const { url } of [both.gateway, both.apollo]) {
      expect((await sendJson(url, '{"query":"{ me }"}')).text).toBe('{"data":{"me":"somebody"}}\n');
    }
  });
  afterAll(() => both.stop());

  /** The answer of the gateway, which must be that of Apollo Server. */
  const askBoth = async (ask: (url: string) => Promise<Answer>): Promise<Answer> => {
    const [answer, expected] = await Promise.all([ask(both.gateway.url), ask(both.apollo.url)]);
    expectSound(answer);
    const others = besidesDefer(answer);
    if (others === undefined) {
      expect([answer.status, answer.text]).toEqual([expected.status, expected.text]);
    } else {
      // Apollo Server has no rules for `@defer`, whose errors count toward the most that are told.
      expect(answer.status).toBe(400);
      expect(expected.text).toContain(others);
    }
    return answer;
  };

  it(
    `answers any bytes as a body, with any content type (${runs()} runs)`,
    async () => {
      const body = fc.oneof(
        fc.uint8Array({ maxLength: 500 }),
        fc.uint8Array({ maxLength: 8 }).map((bytes) => around('{"query":"{ me }', bytes, '"}')),
        fc.uint8Array({ maxLength: 8 }).map((bytes) => around('{"query":"{ me }"', bytes, '}')),
        fc.uint8Array({ maxLength: 4 }).map((bytes) => around('', bytes, '{"query":"{ me }"}')),
      );
      const path = fc.constantFrom('/graphql', '/graphql', '/login', '/refresh', '/nowhere');
      const property = fc.asyncProperty(
        body,
        fc.constantFrom(...contentTypes),
        path,
        async (bytes, type, at) => {
          const ask = (url: string): Promise<Answer> =>
            send(url + at, {
              method: 'POST',
              headers: type === undefined ? {} : { 'content-type': type },
              body: new Uint8Array(bytes),
            });
          if (at === '/graphql') await askBoth(ask);
          else expectSound(await ask(both.gateway.url));
        },
      );
      await fc.assert(property, { numRuns: runs() });
    },
    propertyTimeoutMs,
  );

  it(
    `answers any bytes on a socket, or closes it (${socketRuns} runs of up to 8 sockets)`,
    async () => {
      const property = fc.asyncProperty(
        fc.array(hostileBytes, { minLength: 1, maxLength: 8, size: 'max' }),
        async (all) => {
          const received = await Promise.all(
            all.map((bytes) => bytesOnSocket(both.gateway.url, bytes)),
          );
          for (const answer of received.flat()) expectSound(answer);
        },
      );
      await fc.assert(property, { numRuns: socketRuns });
    },
    propertyTimeoutMs,
  );

  it(
    `answers any JSON as a body (${jsonRuns} runs)`,
    async () => {
      const property = fc.asyncProperty(jsonText, async (body) => {
        await askBoth((url) => sendJson(url, body));
      });
      await fc.assert(property, { numRuns: jsonRuns });
    },
    propertyTimeoutMs,
  );

  it(
    `answers any JSON as variables, operation name and extensions (${jsonRuns} runs)`,
    async () => {
      const member = fc.option(jsonText, { nil: undefined });
      const variables = fc.oneof(
        member,
        jsonText.map((value) => `{"id":${value},"if":${value},"input":${value}}`),
        jsonText.map((value) => `{"input":{"email":"a","password":${value}}}`),
      );
      const property = fc.asyncProperty(
        fc.constantFrom(...known),
        fc.oneof(
          { weight: 3, arbitrary: variables },
          { weight: 1, arbitrary: fc.constant(undefined) },
        ),
        fc.oneof(
          { weight: 1, arbitrary: member },
          { weight: 3, arbitrary: fc.constant(undefined) },
        ),
        fc.oneof(
          { weight: 1, arbitrary: member },
          { weight: 3, arbitrary: fc.constant(undefined) },
        ),
        async (query, ...members) => {
          const written = ['variables', 'operationName', 'extensions'].flatMap((name, at) =>
            members[at] === undefined ? [] : [`,"${name}":${members[at]}`],
          );
          const body = `{"query":${JSON.stringify(query)}${written.join('')}}`;
          await askBoth((url) => sendJson(url, body));
        },
      );
      await fc.assert(property, { numRuns: jsonRuns });
    },
    propertyTimeoutMs,
  );

  it(
    `answers any JSON in the parameters of a GET (${runs()} runs)`,
    async () => {
      const property = fc.asyncProperty(
        fc.constantFrom(...known),
        jsonText.filter((text) => text.length < 4_000),
        fc.constantFrom('variables', 'extensions', 'operationName', '__proto__', 'query'),
        async (query, value, name) => {
          const parameters = new URLSearchParams([
            ['query', query],
            [name, value],
          ]);
          await askBoth((url) =>
            send(`${url}/graphql?${parameters.toString()}`, {
              headers: { 'apollo-require-preflight': '1' },
            }),
          );
        },
      );
      await fc.assert(property, { numRuns: runs() });
    },
    propertyTimeoutMs,
  );

  it(
    `answers any text of the pieces of GraphQL (${runs()} runs)`,
    async () => {
      const text = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 60 });
      const property = fc.asyncProperty(text, async (parts) => {
        const { status } = await askBoth((url) =>
          sendJson(url, JSON.stringify({ query: parts.join('') })),
        );
        expect([200, 400]).toContain(status);
      });
      await fc.assert(property, { numRuns: runs() });
    },
    propertyTimeoutMs,
  );

  it(
    `answers 200 or 400 to any document that can be parsed, twice the same (${runs(2)} runs)`,
    async () => {
      const variables = { a: true, constructor: false, b: null };
      const property = fc.asyncProperty(hostileDocument, async (query) => {
        expect(() => parse(query)).not.toThrow();
        const body = JSON.stringify({ query, variables });
        const first = await askBoth((url) => sendJson(url, body));
        expect([200, 400]).toContain(first.status);
        // By now it is known, if it is valid.
        const second = await askBoth((url) => sendJson(url, body));
        expect([second.status, second.text]).toEqual([first.status, first.text]);
      });
      await fc.assert(property, {
        numRuns: runs(2),
        examples: [
          ['subscription { ...A @defer }'],
          ['subscription { ... @defer { ticks } }'],
          ['query { ... { ... { ... on Mutation { me @defer } me } } id  }'],
          ['subscription { ...A @include(if: $a) }'],
          ['subscription ($s: Boolean!) { ticks @skip(if: $s) }'],
        ],
      });
    },
    propertyTimeoutMs,
  );
});

function around(start: string, bytes: Uint8Array, end: string): Uint8Array {
  return Buffer.concat([Buffer.from(start), bytes, Buffer.from(end)]);
}

/** The other errors of an answer, as text, when rules for `@defer` refuse something in it; otherwise `undefined`. */
function besidesDefer({ status, text }: Answer): string | undefined {
  if (status !== 400 || !/[Dd]efer/.test(text)) return undefined;
  const { errors } = JSON.parse(text) as { readonly errors: readonly Error[] };
  const others = errors.filter(({ message }) => !deferError.test(message));
  if (others.length === errors.length) return undefined;
  const known = others.filter(({ message }) => !message.startsWith('Too many validation errors'));
  return JSON.stringify(known).slice(1, -1);
}

const deferError =
  /^Defer directive (?:cannot be used on root|not supported on subscription)|@defer\(label:\)|"defer\(label:\)/;
