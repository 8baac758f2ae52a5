import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { answerPings, sendPaced } from './paced-sockets.ts';

describe('WebSockets of clients that do not read', () => {
  const http = createServer();
  const server = new WebSocketServer({ server: http, autoPong: false });
  let url = '';
  beforeAll(async () => {
    server.on('connection', (socket) => {
      answerPings(socket);
      socket.on('message', (data: Buffer) => {
        void sendPaced(socket, data.toString());
      });
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    http.close();
    await once(http, 'close');
  });

  it.each([
    ['messages', 1_000],
    ['pings', 100_000],
  ])('threat 20: hold no more than a cap, and lose nothing (%s)', async (kind, count) => {
    const client = new WebSocket(url);
    await once(client, 'open');
    const received: number[] = [];
    client.on(kind === 'pings' ? 'pong' : 'message', (data: Buffer) => {
      received.push(Number.parseInt(data.toString(), 10));
    });
    client.pause();
    for (let id = 0; id < count; id += 1) {
      if (kind === 'pings') client.ping(String(id).padEnd(125, 'x'));
      else client.send(String(id).padEnd(60_000, 'x'));
      if (id % 1_000 === 999) await sleep(1);
    }
    const [own] = [...server.clients].slice(-1);
    let most = 0;
    for (let look = 0; look < 40; look += 1) {
      most = Math.max(most, own?.bufferedAmount ?? 0);
      await sleep(5);
    }
    // One piece of what is read at a time may be above it.
    expect(most).toBeLessThan(4_000_000);
    client.resume();
    while (received.length < count) await sleep(5);
    expect(received).toEqual(Array.from({ length: count }, (_, id) => id));
    client.close();
    await once(client, 'close');
  });
});
