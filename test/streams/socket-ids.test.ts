import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { until } from '../support/until.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A WebSocket whose client sends what it likes. */
interface Raw {
  readonly socket: WebSocket;
  readonly received: Message[];
}

describe('streams: ids of operations on a WebSocket', () => {
  let graph: StreamGraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    graph = await startStreamGraph();
    gateway = await startTestGateway(graph);
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });
  const ended = (): number => gateway.log.filter(({ msg }) => msg === 'subscription ended').length;
  const connect = async (): Promise<Raw> => {
    const url = `${gateway.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, 'graphql-transport-ws');
    const received: Message[] = [];
    socket.on('message', (data: Buffer) => {
      received.push(JSON.parse(data.toString()) as Message);
    });
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await until(() => received.length === 1);
    received.length = 0;
    return { socket, received };
  };
  const subscribe = (query: string): string =>
    JSON.stringify({ type: 'subscribe', id: '1', payload: { query } });
  const complete = '{"type":"complete","id":"1"}';
  const follow = (id: number): string => `subscription { moved(id: ${id}) { id } }`;
  /** Sends messages in the same bytes, so that the server reads them in one turn. */
  const sendTogether = ({ socket }: Raw, messages: readonly string[]): void => {
    const { _socket: stream } = socket as unknown as {
      readonly _socket: { cork(): void; uncork(): void };
    };
    stream.cork();
    for (const message of messages) socket.send(message);
    stream.uncork();
  };
  const firsts = [
    ['a subscription', follow(1)],
    ['a query', '{ open }'],
    ['a query with an error', '{ parcel(id: "13") { owner { name } } }'],
    ['what is refused', '{ nothing }'],
  ] as const;
  const times = ['is being opened', 'is open'] as const;
  const cases = firsts.flatMap(([name, query]) =>
    times.map((time) => [name, time, query] as const),
  );

  it.each(cases)('may be used again when %s has been completed that %s', async (_, time, first) => {
    const raw = await connect();
    const { socket, received } = raw;
    const before = ended();
    if (time === 'is open') {
      socket.send(subscribe(first));
      if (first === follow(1)) await until(() => graph.feed.open === 1);
      else await until(() => received.some(({ type }) => type === 'complete' || type === 'error'));
      received.length = 0;
      sendTogether(raw, [complete, subscribe(follow(2))]);
    } else {
      sendTogether(raw, [subscribe(first), complete, subscribe(follow(2))]);
    }
    const left = first === follow(1) ? 1 : 0;
    // The first may still be open at the subgraph, where its end is heard later.
    await until(() => ended() - before === left && graph.feed.isOpen('2'));
    for (const id of ['a', 'b']) graph.feed.send({ id, place: 'A' });
    await until(() => received.length >= 2);
    socket.send(complete);
    await until(() => graph.feed.open === 0);
    // The id is free again, and nothing else came before this.
    socket.send(subscribe('{ open }'));
    await until(() => received.some(({ type }) => type === 'complete'));
    expect(received.map(({ type, payload }) => payload ?? type)).toEqual([
      { data: { moved: { id: 'a' } } },
      { data: { moved: { id: 'b' } } },
      { data: { open: 0 } },
      'complete',
    ]);
    socket.close();
    await once(socket, 'close');
  });

  it('used again and again are counted out when the socket is lost', async () => {
    const raw = await connect();
    const before = ended();
    const again = Array.from({ length: 8 }, (_, id) => [subscribe(follow(id)), complete]).flat();
    sendTogether(raw, [...again, subscribe(follow(9))]);
    await until(() => ended() - before === 8 && graph.feed.open === 1);
    raw.socket.terminate();
    await until(() => ended() - before === 9 && graph.feed.open === 0);
  });
});
