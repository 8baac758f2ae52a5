import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headerLimits } from '../../common/header-limits.ts';
import { talk } from './edge-sockets.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** The cost of a header, before a request is counted or any library has parsed it. */
describe('gateway: the cost of headers', () => {
  let graph: SmallGraph;

  beforeAll(async () => {
    graph = await startSmallGraph();
  });
  afterAll(async () => {
    await graph.stop();
  });

  describe('headers', () => {
    const maxBytes = 15_000;
    let gateway: TestGateway;

    beforeAll(async () => {
      gateway = await startTestGateway(graph, {
        settings: { rateLimits: { enabled: true, anonymousPerMinute: 1_000_000 } },
      });
    });
    afterAll(async () => {
      await gateway.stop();
    });

    const ask = (name: string, value: string, method = 'POST'): Promise<string> => {
      const body = '{"query":"{ me }"}';
      const headers = new Map([
        ['host', 'a'],
        ['content-type', 'application/json'],
        ['connection', 'close'],
        ['content-length', String(body.length)],
      ]);
      headers.set(name, value);
      const lines = [...headers].map(([header, text]) => `${header}: ${text}\r\n`).join('');
      return talk(gateway.url, `${method} /graphql HTTP/1.1\r\n${lines}\r\n${body}`);
    };

    it.each([...headerLimits])(
      'threat 19: %s may have %i characters, and one more is answered 431',
      async (name, maxChars) => {
        const answer = await ask(name, 'a'.repeat(maxChars + 1));
        expect(answer).toMatch(/^HTTP\/1.1 431 .*"code":"BAD_REQUEST"/s);
        expect(answer).toContain(`The header ${name} may have ${maxChars} characters.`);
        expect(await ask(name, 'a'.repeat(maxChars))).not.toMatch(/^HTTP\/1.1 431 /);
      },
    );

    const blanks = ' '.repeat(maxBytes);
    const values = [
      `application/json;a=${blanks}x`,
      `application/json${blanks};a`,
      `${';a='.repeat(maxBytes / 3)}x`,
      'a,'.repeat(maxBytes / 2),
      'a;q=0.1,'.repeat(maxBytes / 8),
      `a="${'\\'.repeat(maxBytes)}`,
      '"'.repeat(maxBytes),
      `Bearer ${blanks}x`,
      `Bearer ${'='.repeat(maxBytes)}`,
      `a${'\t '.repeat(maxBytes / 2)}b`,
    ];
    const names = new Set([
      ...headerLimits.keys(),
      ...['authorization', 'if-none-match', 'accept-language', 'referer', 'user-agent'],
      ...['upgrade', 'cache-control', 'x-anything'],
    ]);

    it.each([...names].flatMap((name) => [[name, 'POST'] as const, [name, 'GET'] as const]))(
      'threat 19: no value of %s costs more than its length, by %s',
      async (name, method) => {
        for (const value of values) {
          let leastMs = Number.POSITIVE_INFINITY;
          // CPU time of this process, including the client's part and garbage collection; the minimum of as many runs
          // as necessary: quadratic work would always take ten times that.
          for (let tries = 0; tries < 100 && leastMs > 30; tries += 1) {
            const before = process.cpuUsage();
            await ask(name, value, method);
            const { user, system } = process.cpuUsage(before);
            leastMs = Math.min(leastMs, (user + system) / 1_000);
          }
          expect([value.slice(0, 30), leastMs]).toEqual([value.slice(0, 30), expect.any(Number)]);
          expect(leastMs).toBeLessThanOrEqual(30);
        }
      },
    );
  });
});
