import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { open } from '../gateway/edge-sockets.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { until } from '../support/until.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

/** A client may send the next request before the response is complete; that of a subscription never is. */
describe('streams: subscriptions behind another on their connection', () => {
  let graph: StreamGraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    graph = await startStreamGraph();
    gateway = await startTestGateway(graph, { settings: { subscriptions: { maxPerViewer: 4 } } });
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });

  const formats = ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'];
  const pairs = formats.flatMap((first) => formats.map((second) => [first, second]));
  it.each(pairs)('threat 67: end when it is lost (%s, %s)', async (first = '', second = '') => {
    const ended = (): number =>
      gateway.log.filter(({ msg }) => msg === 'subscription ended').length;
    // More than a viewer may have open at a time: each connection must give back what it had.
    for (let connection = 0; connection < 3; connection += 1) {
      const before = ended();
      const requests = [first, second, second, first].map((accept, id) => {
        const body = JSON.stringify({ query: `subscription { moved(id: ${id}) { id } }` });
        return `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\naccept: ${accept}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
      });
      const { socket } = await open(gateway.url, requests.join(''));
      await until(() => graph.feed.open === 4);
      graph.feed.send({ id: '1', place: 'A' });
      socket.destroy();
      await until(() => graph.feed.open === 0 && ended() - before === 4);
    }
    expect(gateway.log.some(({ msg }) => msg === 'request failed')).toBe(false);
  });
});
