import { describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentityVerifier, identityHeader } from '../../common/identity-token.ts';
import { patienceMs } from '../support/patience.ts';
import { useGateway } from './use-gateway.ts';

/** The REST endpoints for login and refresh, for clients that do not use GraphQL. */
describe('gateway: /login and /refresh', () => {
  const small = useGateway();

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(small.gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
  const tokens =
    '{"access_token":"an-access-token","refresh_token":"a-refresh-token","token_type":"Bearer","expires_in":900}';

  it('answers the right password with tokens, in the order of the contract', async () => {
    const response = await post('/login', { username: 'john@example.com', password: 'right' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(tokens);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('answers the wrong password with 401 and this message', async () => {
    const response = await post('/login', { username: 'john@example.com', password: 'wrong' });
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('{"error":"Invalid credentials"}');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('exchanges a valid refresh token, and reports an invalid one', async () => {
    const good = await post('/refresh', { refresh_token: 'still-good' });
    expect([good.status, await good.text()]).toEqual([200, tokens]);
    expect(good.headers.get('cache-control')).toBe('no-store');
    const bad = await post('/refresh', { refresh_token: 'used' });
    expect([bad.status, await bad.text()]).toEqual([401, '{"error":"Invalid refresh token"}']);
  });

  it('runs anonymously, whatever credentials the request has', async () => {
    await post('/login', { username: 'a', password: 'right' }, { authorization: 'Bearer bad' });
    const identity = String(small.graph.authors.calls.at(-1)?.headers[identityHeader]);
    const verify = createIdentityVerifier('authors', [developmentIdentityKey('authors')]);
    expect(verify(identity)).toEqual({ kind: 'anonymous' });
  });

  it.each([
    ['/login', '[]'],
    ['/login', 'null'],
    ['/login', { username: 'john@example.com' }],
    ['/login', { username: 1, password: 'right' }],
    ['/login', { username: '', password: '' }],
    ['/refresh', {}],
    ['/refresh', { refresh_token: ['still-good'] }],
  ])('answers %s with the body %j by 400 and an error', async (path, body) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  it.each([
    ['{"username":', 400, 'The body is not valid JSON.'],
    ['', 400, 'The body is empty; JSON was expected.'],
    [`{"username":"${'x'.repeat(256 * 1024)}"}`, 413, expect.any(String)],
  ])('answers an invalid body with an error', async (body, status, error) => {
    const response = await post('/login', body);
    expect([response.status, await response.json()]).toEqual([status, { error }]);
  });

  it('answers with the status of the error when the graph cannot log in', async () => {
    small.graph.authors.answerBy({ status: 500, body: 'at db.internal' });
    const response = await post('/login', { username: 'a', password: 'right' });
    small.graph.authors.answerBy(undefined);
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ error: 'A subgraph failed to answer properly.' });
  });

  it.each([
    ['threat 51', 'RATE_LIMITED', { retryAfterSeconds: 840 }, 429, '840'],
    ['threat 53', 'OVERLOADED', {}, 503, '1'],
  ])('%s: answers %s with Retry-After', async (_number, code, more, status, retryAfter) => {
    const errors = [{ message: 'Later.', path: ['login'], extensions: { code, ...more } }];
    small.graph.authors.answerBy({
      status: 200,
      body: JSON.stringify({ data: { login: null }, errors }),
    });
    const response = await post('/login', { username: 'a', password: 'right' });
    small.graph.authors.answerBy(undefined);
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await response.json()).toEqual({ error: 'Later.' });
  });

  it('logs neither passwords nor tokens', async () => {
    await post('/login', { username: 'john@example.com', password: 'right' });
    await post('/refresh', { refresh_token: 'still-good' });
    expect(small.gateway.log).toContainEqual(
      expect.objectContaining({ path: '/login', status: 200 }),
    );
    expect(JSON.stringify(small.gateway.log)).not.toMatch(
      /right|still-good|an-access-token|a-refresh-token/,
    );
  });
});
