import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { open, talk } from './edge-sockets.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const post = 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';

/** How many requests are in progress: of all connections, and of one. */
describe('gateway: requests in flight', () => {
  describe('more requests than may be in progress', () => {
    let gateway: TestGateway;
    let slow: SmallGraph;

    beforeAll(async () => {
      slow = await startSmallGraph();
      gateway = await startTestGateway(slow, {
        settings: { server: { minInFlight: 8, maxInFlight: 8 } },
      });
    });
    afterAll(async () => {
      await gateway.stop();
      await slow.stop();
    });

    it('threat 67: are answered with 503 and Retry-After before their body has arrived; health checks and logins are answered', async () => {
      const waiting = Array.from({ length: 7 }, (_, n) => gateway.ask(`{ a${n}: slow }`));
      while (gatewayCalls(slow) < 7) await sleep(20);
      const refused = await gateway.ask('{ me }');
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(refused.errors?.[0]?.extensions.code).toBe('OVERLOADED');
      const unread = await talk(
        gateway.url,
        `${post}connection: close\r\ncontent-length: 100\r\n\r\n{"query":`,
      );
      expect(unread).toMatch(/^HTTP\/1.1 503 .*^retry-after: 1\r$/ms);
      expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
      const login = await fetch(`${gateway.url}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"username":"a@example.com","password":"right"}',
      });
      expect(login.status).toBe(200);
      slow.slow.answer();
      for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
      expect((await gateway.ask('{ me }')).status).toBe(200);
      // A busy machine may report the two in two lines.
      const turnedAway = (): number =>
        gateway.log.reduce((sum, line) => sum + Number(line.turnedAway ?? 0), 0);
      while (turnedAway() < 2) await sleep(20);
      expect(turnedAway()).toBe(2);
    });
  });

  describe('a connection that is lost with requests that wait for the response before them', () => {
    let gateway: TestGateway;
    let slow: SmallGraph;

    beforeAll(async () => {
      slow = await startSmallGraph();
      gateway = await startTestGateway(slow, {
        settings: { server: { minInFlight: 8, maxInFlight: 8 } },
      });
    });
    afterAll(async () => {
      await gateway.stop();
      await slow.stop();
    });

    it.each([
      ['queries', '{ me }', 'application/json'],
      ['queries with @defer', '{ ... @defer { me } }', 'multipart/mixed;deferSpec=20220824'],
      ['slow queries', '{ slow }', 'application/json'],
    ])('threat 67: gives their places to others (%s)', async (_, query, accept) => {
      for (let connections = 0; connections < 4; connections += 1) {
        const calls = gatewayCalls(slow);
        const body = JSON.stringify({ query });
        const behind = `${post}accept: ${accept}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
        const first = JSON.stringify({ query: '{ slow }' });
        const { socket, ended } = await open(
          gateway.url,
          `${post}content-length: ${first.length}\r\n\r\n${first}${behind.repeat(5)}`,
        );
        while (gatewayCalls(slow) < calls + 1) await sleep(5);
        // All have begun, as they came in the same bytes.
        await sleep(50);
        socket.destroy();
        await ended;
      }
      const areAllAnswered = async (): Promise<boolean> => {
        const answers = await Promise.all(Array.from({ length: 6 }, () => gateway.ask('{ me }')));
        return answers.every(({ status }) => status === 200);
      };
      // The server may learn of the last connection's end a moment later.
      while (!(await areAllAnswered())) await sleep(50);
    });
  });

  describe('requests that do not wait for answers', () => {
    let gateway: TestGateway;
    let slow: SmallGraph;

    beforeAll(async () => {
      slow = await startSmallGraph();
      gateway = await startTestGateway(slow);
    });
    afterAll(async () => {
      await gateway.stop();
      await slow.stop();
    });

    const operation = (query: string, headers = ''): string => {
      const body = JSON.stringify({ query });
      return `${post}${headers}content-length: ${body.length}\r\n\r\n${body}`;
    };

    it('are processed 16 at a time, and all answered in order', async () => {
      const many = Array.from({ length: 100 }, (_, n) =>
        operation(`{ a${n}: me }`, n === 99 ? 'connection: close\r\n' : ''),
      );
      const { ended } = await open(gateway.url, many.join(''));
      const answers = [...(await ended).matchAll(/{"data":{"a(\d+)":"somebody"}}/g)];
      expect(answers.map(([, n]) => Number(n))).toEqual(many.map((_, n) => n));
    });

    it('wait for earlier ones, and health checks are answered meanwhile', async () => {
      const many = Array.from({ length: 60 }, (_, n) => operation(`{ b${n}: slow }`)).join('');
      const connections = await Promise.all(
        Array.from({ length: 3 }, () => open(gateway.url, many)),
      );
      await slow.slow.asked;
      // The three connections ask the same, and most equal calls in flight are shared.
      const begun = (): number => new Set(slowQueries(slow)).size;
      while (begun() < 16) await sleep(20);
      for (let asked = 0; asked < 10; asked += 1) {
        expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
      }
      expect(begun()).toBe(16);
      for (const { socket, ended } of connections) {
        socket.destroy();
        await ended;
      }
      slow.slow.answer();
    });

    it('end their connection when there are more than 272 of them', async () => {
      const head = 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n';
      const flooding = await Promise.all(
        Array.from({ length: 6 }, () => open(gateway.url, head.repeat(800))),
      );
      for (const { socket } of flooding) socket.on('error', () => undefined);
      expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
      for (const { ended } of flooding) {
        const answers = (await ended).split('HTTP/1.1 ').slice(1);
        expect(answers.length).toBeLessThan(800);
        expect(answers.at(-1)).toMatch(/^503 .*"code":"OVERLOADED"/s);
      }
    });
  });
});

function gatewayCalls(graph: SmallGraph): number {
  return slowQueries(graph).length;
}

function slowQueries({ authors }: SmallGraph): readonly string[] {
  return authors.calls.map(({ query }) => query).filter((query) => query.includes('slow'));
}
