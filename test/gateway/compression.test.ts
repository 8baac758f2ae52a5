import { type IncomingHttpHeaders, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** Responses as sent over the network. */
describe('gateway: compressed answers', () => {
  const title = 'a long title '.repeat(2_000);
  const books = '{ books { title } }';
  let graph: SmallGraph;
  let gateway: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph);
    const body = JSON.stringify({ data: { books: [{ title }] } });
    graph.books.answerBy({ status: 200, body });
    await gateway.ask(books);
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });

  const receive = (
    path: string,
    body: object,
    acceptEncoding: string,
  ): Promise<{ readonly headers: IncomingHttpHeaders; readonly bytes: Buffer }> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'accept-encoding': acceptEncoding };
      request(gateway.url + path, { method: 'POST', headers }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => {
          resolve({ headers: response.headers, bytes: Buffer.concat(pieces) });
        });
      })
        .on('error', reject)
        .end(JSON.stringify(body));
    });

  it.each([
    ['gzip', 'gzip', gunzipSync],
    ['br', 'br', brotliDecompressSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['GZIP;q=0.5, br;q=0', 'gzip', gunzipSync],
  ] as const)('are sent to a client that accepts %s in %s', async (accepted, encoding, unpack) => {
    const { headers, bytes } = await receive('/graphql', { query: books }, accepted);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers.vary).toMatch(/\baccept-encoding\b/);
    expect(Number(headers['content-length'])).toBe(bytes.length);
    expect(bytes.length).toBeLessThan(2_000);
    expect(JSON.parse(unpack(bytes).toString())).toEqual({ data: { books: [{ title }] } });
  });

  it.each(['identity', 'deflate', 'br;q=0, gzip;q=0.0', '*;q=0', 'gzipped'])(
    'are sent uncompressed to a client that accepts %s',
    async (accepted) => {
      const { headers, bytes } = await receive('/graphql', { query: books }, accepted);
      expect(headers['content-encoding']).toBeUndefined();
      expect(headers.vary).toMatch(/\baccept-encoding\b/);
      expect(bytes.length).toBeGreaterThan(title.length);
    },
  );

  it('are sent uncompressed when they are short', async () => {
    const { headers } = await receive('/graphql', { query: '{ me }' }, 'gzip');
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('are never responses to mutations or logins, which may contain a secret', async () => {
    const mutation =
      'mutation { login(input: { email: "a", password: "right" }) { session { accessToken } } }';
    const accessToken = 'secret'.repeat(1_000);
    const session = { accessToken, refreshToken: 'r', tokenType: 'Bearer', expiresIn: 900 };
    const data = { login: { session, userErrors: [] } };
    graph.authors.answerBy({ status: 200, body: JSON.stringify({ data }) });
    const credentials = { username: 'a', password: 'right' };
    for (const answer of [
      await receive('/graphql', { query: mutation }, 'gzip, br'),
      await receive('/login', credentials, 'gzip, br'),
    ]) {
      expect(answer.headers['content-encoding']).toBeUndefined();
      expect(answer.bytes.toString()).toContain(accessToken);
    }
    graph.authors.answerBy(undefined);
  });
});
