import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { SocketPings } from './socket-pings.ts';

describe('pings of WebSockets', () => {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  const pings = new SocketPings(server.clients, 100);
  let url = '';
  beforeAll(async () => {
    server.on('connection', (socket) => {
      pings.add(socket);
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    pings.stop();
    for (const client of server.clients) client.terminate();
    server.close();
    http.close();
    await once(http, 'close');
  });

  it('cut off a client that does not answer, and no other', async () => {
    const silent = new WebSocket(url, { autoPong: false });
    const living = new WebSocket(url);
    await Promise.all([once(silent, 'open'), once(living, 'open')]);
    const [code] = (await once(silent, 'close')) as [number];
    expect(code).toBe(1006);
    let count = 0;
    living.on('ping', () => (count += 1));
    while (count < 3) await once(living, 'ping');
    expect([living.readyState, server.clients.size]).toEqual([WebSocket.OPEN, 1]);
    living.close();
  });
});
