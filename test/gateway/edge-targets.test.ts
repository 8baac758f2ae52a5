import { describe, expect, it } from '@jest/globals';
import { talk } from './edge-sockets.ts';
import { useGateway } from './use-gateway.ts';

const body = '{"query":"{ me }"}';
const rest = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;

/** The target of a request: its method, target and host (RFC 9112 §3.2), as bytes on a socket. */
describe('gateway: the target of a request', () => {
  const small = useGateway();

  it.each([
    ['a path', `POST /graphql HTTP/1.1\r\nhost: a\r\n${rest}`],
    ['a host with a port', `POST /graphql HTTP/1.1\r\nhost: a:4000\r\n${rest}`],
    ['a host of IPv6', `POST /graphql HTTP/1.1\r\nhost: [::1]:4000\r\n${rest}`],
    ['an absolute URL, as sent to a proxy', `POST http://a/graphql HTTP/1.1\r\nhost: a\r\n${rest}`],
    ['an absolute URL with another host', `POST http://b/graphql HTTP/1.1\r\nhost: a\r\n${rest}`],
    ['no host, by HTTP/1.0', `POST /graphql HTTP/1.0\r\n${rest}`],
  ])('answers a request with %s', async (_case, request) => {
    expect(await talk(small.gateway.url, request)).toMatch(
      /^HTTP\/1.1 200 .*{"data":{"me":"somebody"}}/s,
    );
  });

  it.each([
    ['no host', 'GET /graphql HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['an empty host', 'GET /graphql HTTP/1.1\r\nhost:\r\nconnection: close\r\n\r\n', 400],
    ['two hosts', `POST /graphql HTTP/1.1\r\nhost: a\r\nhost: b\r\n${rest}`, 400],
    ['the same host twice', `POST /graphql HTTP/1.1\r\nhost: a\r\nHOST: a\r\n${rest}`, 400],
    ['two hosts, by HTTP/1.0', `POST /graphql HTTP/1.0\r\nhost: a\r\nhost: b\r\n${rest}`, 400],
    ['a host that is a URL', `POST /graphql HTTP/1.1\r\nhost: http://a\r\n${rest}`, 400],
    ['a host with a path', `POST /graphql HTTP/1.1\r\nhost: a/b\r\n${rest}`, 400],
    ['a host with a user', `POST /graphql HTTP/1.1\r\nhost: x@a\r\n${rest}`, 400],
    ['an invalid port', `POST /graphql HTTP/1.1\r\nhost: a:99999\r\n${rest}`, 400],
    [
      'a host of 300 characters',
      `POST /graphql HTTP/1.1\r\nhost: ${'a'.repeat(300)}\r\n${rest}`,
      431,
    ],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 400],
    ['an asterisk by GET', 'GET * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 400],
    ['no path at all', 'GET graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 400],
    [
      'a URL of another scheme',
      'GET ftp://a/graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      400,
    ],
    [
      'a URL with a user',
      'GET http://x:y@a/graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      400,
    ],
    ['half an escape', 'GET /%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 400],
    [
      'half an escape at the end',
      'GET /graphql% HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      400,
    ],
    [
      'an escape that is not UTF-8',
      'GET /%ff HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      400,
    ],
    [
      'half an escape in the query',
      'GET /graphql?query=%f HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      400,
    ],
    ['an unknown path', 'GET //graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 404],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n', 405],
    ['TRACE', 'TRACE /graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 405],
    [
      'a method of WebDAV',
      'PROPFIND /graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      405,
    ],
    [
      'a method that does not exist',
      'BREW /graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      400,
    ],
  ])('threat 19: answers a request with %s in our JSON', async (_case, request, status) => {
    const answer = await talk(small.gateway.url, request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/^x-correlation-id: [0-9a-f-]{36}\r$/im);
    const [, text = ''] = answer.split('\r\n\r\n');
    expect(JSON.parse(text)).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: expect.any(String) } }],
    });
  });
});
