import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { talk } from './edge-sockets.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const json = { 'content-type': 'application/json' };
const html = { accept: 'text/html' };

/** What production reveals to clients, and in its log. */
describe('gateway: production', () => {
  let graph: SmallGraph;
  let gateway: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph, {
      environment: {
        NODE_ENV: 'production',
        SUBGRAPH_AUTHORS_IDENTITY_KEY: 'a-production-key-of-at-least-32-bytes',
        SUBGRAPH_BOOKS_IDENTITY_KEY: 'another-production-key-of-at-least-32-bytes',
      },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });

  const post = (body: unknown, path = '/graphql', headers: object = json): Promise<Response> =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify(body),
    });

  it.each([
    ['the schema', '{ __schema { types { name } } }'],
    ['a type', '{ __type(name: "Query") { name } }'],
    ['a typo', '{ bookz { title } }'],
    ['a typo in an argument', '{ author(idd: 1) { name } }'],
    ['a typo in a type', 'query ($a: Authr) { me }'],
    ['_service', '{ _service { sdl } }'],
    ['_entities', '{ _entities(representations: []) { __typename } }'],
  ])('threat 31: answers %s with 400 and no hint', async (_case, query) => {
    for (let time = 0; time < 2; time += 1) {
      const response = await post({ query });
      const text = await response.text();
      expect(response.status).toBe(400);
      expect(text).not.toMatch(/Did you mean|books|LoginInput|"data"/);
    }
  });

  it.each([
    ['/', 404],
    ['/graphiql', 404],
    ['/graphql', 400],
  ])('threat 31: has no page at %s', async (path, status) => {
    const response = await fetch(gateway.url + path, { headers: html });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it.each([
    ['a line break', 'A\r\n{"level":"fatal"}'],
    ['colours', '\u001b[31mred\u001b[0m'],
  ])('threat 32: writes one line of JSON, whatever is sent: %s', async (_case, text) => {
    const before = gateway.log.length;
    await post({ query: 'query A { me }', operationName: text });
    await fetch(`${gateway.url}/${encodeURIComponent(text)}`, {
      headers: { 'x-correlation-id': 'id' + encodeURIComponent(text) },
    });
    // The log is parsed line by line as JSON: another line would have failed the request.
    const lines = gateway.log.slice(before);
    expect(lines.map(({ msg }) => msg)).toEqual(['answered', 'answered']);
    expect(JSON.stringify(lines)).not.toContain('fatal"}');
    for (const { correlationId } of lines) expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('threat 32: writes no terminal control characters', async () => {
    await talk(
      gateway.url,
      Buffer.from('GET /a\x9b31m\x7f HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 'latin1'),
    );
    expect(JSON.stringify(gateway.log)).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  it('threat 32: logs no password and no token, wherever one was sent', async () => {
    const secret = 'hunter2-is-secret';
    const login =
      'mutation L($input: LoginInput!) { login(input: $input) { session { expiresIn } } }';
    await post({ query: login, variables: { input: { email: 'a', password: secret } } });
    await post({ query: login, variables: { input: { email: 'a', password: [{ a: secret }] } } });
    await post({ query: login, variables: { input: { password: { deep: { token: secret } } } } });
    await post({ query: `mutation { login(input: { password: "${secret}" }) { x } }` });
    await post({ username: 'a', password: secret }, '/login');
    await post({ username: 'a', password: [secret] }, '/login');
    await post({ refresh_token: secret }, '/refresh');
    await post({ query: '{ me }' }, `/graphql?access_token=${secret}`);
    await post({ query: '{ me }' }, '/graphql', { authorization: `Bearer ${secret}` });
    await post({ query: '{ me }' }, '/graphql', { cookie: `token=${secret}` });
    await fetch(`${gateway.url}/login`, {
      method: 'POST',
      headers: json,
      body: `{"password":"${secret}"`,
    });
    expect(JSON.stringify(gateway.log)).not.toContain(secret);
  });
});
