import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { open, talk } from './edge-sockets.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const post = 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
const chunked = `${post}transfer-encoding: chunked\r\n\r\n`;

/** The cost of bodies while they are received, before they are parsed. */
describe('gateway: bodies being received', () => {
  let graph: SmallGraph;

  beforeAll(async () => {
    graph = await startSmallGraph();
  });
  afterAll(async () => {
    await graph.stop();
  });

  describe('bodies that wait', () => {
    let gateway: TestGateway;

    beforeAll(async () => {
      gateway = await startTestGateway(graph, {
        settings: { server: { bodiesMaxBytes: 65_536, bodyLimitBytes: 65_536 } },
      });
    });
    afterAll(async () => {
      await gateway.stop();
    });

    it('threat 17: have a common memory limit; one more is answered with 503, and those that arrive in one piece are answered', async () => {
      const part = `${post}content-length: 60000\r\n\r\n${' '.repeat(25_000)}`;
      const waiting = await open(gateway.url, part);
      let refused = '';
      // The first one's bytes may still be in transit.
      for (let tries = 0; !refused.startsWith('HTTP/1.1 503') && tries < 50; tries += 1) {
        const { socket, ended } = await open(gateway.url, part);
        const patience = setTimeout(() => socket.destroy(), 500);
        refused = await ended;
        clearTimeout(patience);
      }
      expect(refused).toMatch(/^HTTP\/1.1 503 .*^retry-after: 1\r$.*"code":"OVERLOADED"/ms);
      expect((await gateway.ask('{ me }')).data).toEqual({ me: 'somebody' });
      waiting.socket.destroy();
      await waiting.ended;
      // Its bytes are free again.
      const body = JSON.stringify({ query: `{ me } #${' '.repeat(50_000)}` });
      for (let tries = 0; tries < 50; tries += 1) {
        const { socket, ended } = await open(
          gateway.url,
          `${post}connection: close\r\ncontent-length: ${body.length}\r\n\r\n`,
        );
        socket.write(body.slice(0, 100));
        await sleep(20);
        socket.write(body.slice(100));
        const answer = await ended;
        if (!answer.startsWith('HTTP/1.1 503')) {
          expect(answer).toMatch(/^HTTP\/1.1 200 .*{"data":{"me":"somebody"}}/s);
          return;
        }
      }
      throw new Error('The memory of a client that has disconnected was never released.');
    });

    it('threat 17: are joined from pieces, and answered as usual', async () => {
      const body = JSON.stringify({ query: '{ me }' });
      const pieces = body.replaceAll(/[^]/g, (byte) => `1\r\n${byte}\r\n`);
      const request = chunked.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n');
      const answer = await talk(gateway.url, `${request}${pieces}0\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 200 .*{"data":{"me":"somebody"}}/s);
    });

    it('threat 17: have a maximum number of pieces, and are otherwise answered with 400', async () => {
      const answer = await talk(gateway.url, chunked + '1\r\n{\r\n'.repeat(10_000));
      expect(answer).toMatch(/^HTTP\/1.1 400 .*"The body arrives in too many pieces."/s);
    });

    it('threat 19: are requested only when they are to be read', async () => {
      const expecting = `${post}expect: 100-continue\r\nconnection: close\r\n`;
      const wanted = await open(gateway.url, `${expecting}content-length: 18\r\n\r\n`);
      wanted.socket.write('{"query":"{ me }"}');
      expect(await wanted.ended).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
      const unwanted = await talk(gateway.url, `${expecting}content-length: 99999999\r\n\r\n`);
      expect(unwanted).toMatch(/^HTTP\/1.1 413 /);
    });
  });

  it('threat 17: requests are counted before their bodies have arrived', async () => {
    const gateway = await startTestGateway(graph, {
      settings: { rateLimits: { enabled: true, anonymousPerMinute: 1 } },
    });
    try {
      expect((await gateway.ask('{ me }')).status).toBe(200);
      const answer = await talk(gateway.url, `${post}content-length: 1000\r\n\r\n{"query":`);
      expect(answer).toMatch(/^HTTP\/1.1 429 .*^retry-after: \d+\r$.*"code":"RATE_LIMITED"/ms);
      const health = await fetch(`${gateway.url}/healthz`);
      expect(health.status).toBe(200);
    } finally {
      await gateway.stop();
    }
  });
});
