import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Front, openFront } from '../../storefront/dev/front.ts';
import { patienceMs } from '../support/patience.ts';

/** The port of `npm run dev`: open while the services behind it start again. */
describe('storefront: the port of development', () => {
  const servers: Server[] = [];
  let front: Front;

  beforeEach(async () => {
    front = await openFront({ host: '127.0.0.1', port: 0, waitMaxMs: 60_000 });
  });
  afterEach(() => {
    front.stop();
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  /** A gateway that says what it was asked. */
  const startGateway = async (name: string): Promise<string> => {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        response.writeHead(207, { 'x-gateway': name, 'set-cookie': ['a=1', 'b=2'] });
        response.end(JSON.stringify(seen(request, body)));
      });
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const ask = (options: RequestInit = {}): Promise<Response> =>
    fetch(`${front.url}/graphql?a=1`, { signal: AbortSignal.timeout(patienceMs), ...options });

  it('passes a request and its answer on as they are', async () => {
    front.serve(await startGateway('first'));
    const answer = await ask({ method: 'POST', body: 'asked', headers: { 'x-own': 'o' } });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([207, ['a=1', 'b=2']]);
    expect(await answer.json()).toEqual({
      method: 'POST',
      url: '/graphql?a=1',
      host: new URL(front.url).host,
      own: 'o',
      body: 'asked',
    });
  });

  it('lets a request wait for the services that start, and asks the new ones from then on', async () => {
    const [first, second] = [await startGateway('first'), await startGateway('second')];
    const early = ask();
    front.serve(first);
    expect((await early).headers.get('x-gateway')).toBe('first');
    front.hold();
    const waiting = Promise.all([ask(), ask({ method: 'POST', body: 'x' })]);
    front.serve(second);
    expect((await waiting).map(({ headers }) => headers.get('x-gateway'))).toEqual([
      'second',
      'second',
    ]);
  });

  it('answers 503 and the reason when the services do not start, also to what waits', async () => {
    const waiting = ask();
    front.refuse('the sources have an error');
    for (const answer of [await waiting, await ask()]) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
      expect(await answer.text()).toContain('the sources have an error');
    }
  });

  it('lets no request wait forever', async () => {
    const impatient = await openFront({ host: '127.0.0.1', port: 0, waitMaxMs: 20 });
    try {
      const answer = await fetch(impatient.url);
      expect([answer.status, await answer.text()]).toEqual([
        503,
        expect.stringContaining('longer than 20 ms'),
      ]);
    } finally {
      impatient.stop();
    }
  });

  it('answers 503 for a gateway that is gone', async () => {
    front.serve('http://127.0.0.1:1');
    expect((await ask()).status).toBe(503);
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(front.url).port);
    await expect(openFront({ host: '127.0.0.1', port, waitMaxMs: 20 })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      advice: expect.stringContaining('GATEWAY_PORT'),
    });
  });
});

function seen({ method, url, headers }: IncomingMessage, body: string): object {
  return { method, url, host: headers.host, own: headers['x-own'], body };
}
