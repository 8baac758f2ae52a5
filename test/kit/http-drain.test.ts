import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHttpDrain, type HttpDrain } from '../../common/http-drain.ts';
import { createLogger } from '../../common/logger.ts';

describe('common/http-drain', () => {
  let drain: HttpDrain;
  let server: Server;
  let port: number;
  let log: string[];

  beforeEach(async () => {
    log = [];
    const destination = {
      write: (line: string) => log.push((JSON.parse(line) as { msg: string }).msg),
    };
    drain = createHttpDrain(createLogger('test', 'info', destination));
    server = createServer({ ServerResponse: drain.Response }, (request, response) => {
      if (request.url !== '/never?secret=1') setImmediate(() => response.end('well'));
    });
    drain.track(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    });

  it('closes a connection after the last of several pipelined requests', async () => {
    const socket = connect(port, '127.0.0.1');
    let answers = '';
    socket.on('data', (chunk: Buffer) => (answers += chunk.toString('utf8')));
    const request = 'GET / HTTP/1.1\r\nhost: test\r\n\r\n';
    socket.write(request.repeat(3));
    await once(server, 'request');
    const run = drain.run(close, { delayMs: 0, timeoutMs: 10_000 });
    await Promise.all([run, once(socket, 'close')]);
    expect(answers.match(/^connection: .*$/gim)).toEqual([
      'Connection: keep-alive',
      'Connection: keep-alive',
      'Connection: close',
    ]);
  });

  it('reports what it waits for, and closes it at the deadline', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /never?secret=1 HTTP/1.1\r\nhost: test\r\ncontent-length: 1\r\n\r\n');
    await once(server, 'request');
    expect(drain.waitsFor()).toEqual([expect.stringMatching(/^POST \/never for \d+\.\d s$/)]);
    const closed = once(socket, 'close');
    await Promise.all([drain.run(close, { delayMs: 0, timeoutMs: 50 }), closed]);
    expect(log).toEqual(['requests in flight are cut off']);
  });

  it('survives a connection that cannot be accepted', () => {
    server.emit('error', new Error('accept ENFILE'));
    expect(log).toEqual(['a connection could not be accepted']);
  });
});
