import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import { patienceMs } from '../support/patience.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const me = 'query Me {\n  me\n}';
const author =
  'query Author($id: ID!) {\n  author(id: $id) {\n    ...Name\n  }\n}\n\nfragment Name on Author {\n  name\n}';
const change = 'mutation Change {\n  change\n}';
const unlisted = 'query Unlisted { me books { id } }';

describe('gateway: persisted documents', () => {
  let graph: SmallGraph;
  let folder: string;
  let path: string;
  const open: TestGateway[] = [];

  beforeAll(async () => {
    graph = await startSmallGraph();
    folder = await mkdtemp(join(tmpdir(), 'persisted-documents-'));
    path = join(folder, 'manifest.json');
  });
  afterEach(async () => {
    for (const gateway of open.splice(0)) await gateway.stop();
  });
  afterAll(async () => {
    await graph.stop();
    await rm(folder, { recursive: true });
  });

  const start = async (
    mode: 'off' | 'log' | 'enforce',
    manifest: unknown = manifestOf(),
    persistedDocuments: GatewaySettings['persistedDocuments'] = {},
  ): Promise<TestGateway> => {
    await writeFile(path, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    const gateway = await startTestGateway(graph, {
      settings: { persistedDocuments: { mode, path, ...persistedDocuments } },
    });
    open.push(gateway);
    return gateway;
  };

  describe('automatic persisted queries', () => {
    it('asks for an unregistered text, registers it, and answers its hash from then on', async () => {
      const { url } = await start('off');
      const extensions = persistedQuery(hashOf(me));
      expect(codeOf(await post(url, { extensions }))).toBe('PERSISTED_QUERY_NOT_FOUND');
      expect((await post(url, { query: me, extensions })).text).toContain('"data"');
      const byText = await post(url, { query: me });
      expect(await post(url, { extensions })).toEqual(byText);
      expect(await post(url, { documentId: `sha256:${hashOf(me)}` })).toEqual(byText);
    });

    it('refuses a hash of another text', async () => {
      const { url } = await start('off');
      const refused = await post(url, { query: me, extensions: persistedQuery(hashOf(author)) });
      expect([refused.status, codeOf(refused)]).toEqual([400, 'BAD_REQUEST']);
      const unknown = await post(url, { extensions: persistedQuery(hashOf(author)) });
      expect(codeOf(unknown)).toBe('PERSISTED_QUERY_NOT_FOUND');
    });

    it('evicts unused texts over the limit', async () => {
      const { url } = await start('off', manifestOf(), {
        registeredMaxBytes: 65_536,
      });
      const texts = Array.from(
        { length: 20 },
        (_, at) => `query Q${at} { me } #${'x'.repeat(1500)}`,
      );
      for (const query of texts) {
        await post(url, { query, extensions: persistedQuery(hashOf(query)) });
      }
      const [first = '', last = ''] = [texts[0], texts.at(-1)];
      expect(codeOf(await post(url, { extensions: persistedQuery(hashOf(first)) }))).toBe(
        'PERSISTED_QUERY_NOT_FOUND',
      );
      expect((await post(url, { extensions: persistedQuery(hashOf(last)) })).text).toContain(
        '"data"',
      );
    });
  });

  describe('enforced', () => {
    const variables = { id: '1' };

    it.each([
      ['a hash', { extensions: persistedQuery(hashOf(author)), variables }],
      ['an id', { documentId: 'author-1', variables }],
      ['an id as a persisted query', { extensions: persistedQuery('author-1'), variables }],
      ['a prefixed hash', { documentId: `sha256:${hashOf(author)}`, variables }],
      ['an id and a name', { documentId: 'author-1', operationName: 'Author', variables }],
      [
        'other white space and order',
        {
          query: `fragment Name on Author { name } query Author($id:ID!){author(id:$id){...Name}}`,
          variables,
        },
      ],
    ])('answers a listed operation by %s, the first time and the next', async (_how, body) => {
      const { url } = await start('enforce', manifestOf());
      const byText = await post(url, { query: author, variables });
      expect(JSON.parse(byText.text)).toEqual({ data: { author: { name: expect.any(String) } } });
      expect(await post(url, body)).toEqual(byText);
      expect(await post(url, body)).toEqual(byText);
    });

    it.each([
      ['a text', { query: unlisted }, 'QUERY_NOT_IN_SAFELIST'],
      ['a part of a listed text', { query: '{ me }' }, 'QUERY_NOT_IN_SAFELIST'],
      ['a text that is not a document', { query: '{ me' }, 'QUERY_NOT_IN_SAFELIST'],
      [
        'a registration',
        { query: unlisted, extensions: persistedQuery(hashOf(unlisted)) },
        'QUERY_NOT_IN_SAFELIST',
      ],
      ['a hash', { extensions: persistedQuery(hashOf(unlisted)) }, 'PERSISTED_QUERY_NOT_IN_LIST'],
      ['an id', { documentId: 'nobody' }, 'PERSISTED_QUERY_NOT_IN_LIST'],
      ['an id that objects inherit', { documentId: 'constructor' }, 'PERSISTED_QUERY_NOT_IN_LIST'],
      ['an id with a text', { documentId: 'me', query: me }, 'BAD_REQUEST'],
      ['an id that is not a string', { documentId: 1 }, 'BAD_REQUEST'],
      ['two ids', { documentId: 'me', extensions: persistedQuery('me') }, 'BAD_REQUEST'],
      [
        'another version',
        { extensions: { persistedQuery: { version: 2, sha256Hash: 'me' } } },
        'BAD_REQUEST',
      ],
      ['neither', { variables: {} }, 'BAD_REQUEST'],
      ['a batch', [{ query: unlisted }], 'BAD_REQUEST'],
    ])('refuses what is not listed: %s', async (_what, body, code) => {
      const { url } = await start('enforce', manifestOf());
      for (let time = 1; time <= 2; time++) {
        const refused = await post(url, body);
        expect([refused.status, codeOf(refused)]).toEqual([400, code]);
        expect(refused.text).not.toContain('"data"');
      }
    });

    it('accepts only ids if configured', async () => {
      const { url } = await start('enforce', manifestOf(), { requireId: true });
      const answers = async () => [
        (await post(url, { documentId: 'me' })).status,
        codeOf(await post(url, { query: me })),
      ];
      expect(await answers()).toEqual([200, 'PERSISTED_QUERY_ID_REQUIRED']);
      expect(await answers()).toEqual([200, 'PERSISTED_QUERY_ID_REQUIRED']);
    });

    it('loads a changed manifest, and keeps the previous one when the next is invalid', async () => {
      const gateway = await start('enforce', manifestOf());
      const { url } = gateway;
      expect((await post(url, { documentId: 'me' })).status).toBe(200);
      expect((await post(url, { query: me })).status).toBe(200);
      await replace(
        path,
        JSON.stringify(manifestOf([{ id: 'u', name: 'Unlisted', type: 'query', body: unlisted }])),
      );
      await logged(gateway, 'persisted documents swapped');
      expect(codeOf(await post(url, { documentId: 'me' }))).toBe('PERSISTED_QUERY_NOT_IN_LIST');
      expect(codeOf(await post(url, { query: me }))).toBe('QUERY_NOT_IN_SAFELIST');
      expect((await post(url, { documentId: 'u' })).status).toBe(200);
      await replace(path, '{');
      await logged(gateway, 'persisted documents refused; the previous ones stay in use');
      expect((await post(url, { documentId: 'u' })).status).toBe(200);
    });
  });

  it("still allows logins: the gateway's own operations need not be listed", async () => {
    const { url } = await start('enforce');
    const response = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'a', password: 'right' }),
    });
    expect(response.status).toBe(200);
  });

  describe('by GET', () => {
    it.each([
      ['a documentId', { documentId: 'me' }],
      ['a hash', { extensions: JSON.stringify(persistedQuery(hashOf(me))) }],
    ])('answers %s like the text, with the same caching by viewer', async (_how, parameters) => {
      const { url } = await start('enforce');
      const byText = await get(url, { query: me });
      expect(byText.status).toBe(200);
      expect(byText.headers.get('vary')).toContain('authorization, accept');
      const byId = await get(url, parameters);
      expect(byId.text).toBe(byText.text);
      expect(byId.headers.get('vary')).toBe(byText.headers.get('vary'));
      expect(byId.headers.get('cache-control')).toBe(byText.headers.get('cache-control'));
    });

    it('runs no mutation: 405', async () => {
      const { url } = await start('enforce');
      const refused = await get(url, { documentId: 'change' });
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    });

    it.each([
      [{ documentId: 'nobody' }, 'PERSISTED_QUERY_NOT_IN_LIST'],
      [{ query: unlisted }, 'QUERY_NOT_IN_SAFELIST'],
      [{ query: unlisted, extensions: '{}' }, 'QUERY_NOT_IN_SAFELIST'],
    ])('refuses %j, and prevents caching of that', async (parameters, code) => {
      const { url } = await start('enforce');
      const refused = await get(url, parameters);
      expect([refused.status, codeOf(refused)]).toEqual([400, code]);
      expect(refused.headers.get('cache-control')).toBe('no-store');
    });

    it('accepts no duplicate parameter', async () => {
      const { url } = await start('enforce');
      for (const search of [
        `query=${encodeURIComponent(me)}&query=${encodeURIComponent(unlisted)}`,
        'documentId=me&documentId=change',
      ]) {
        expect((await get(url, search)).status).toBe(400);
      }
    });
  });

  it('logs unknown operations once each, with name and hash, and answers them', async () => {
    const gateway = await start('log');
    const { url, log } = gateway;
    for (let time = 1; time <= 3; time++) {
      expect((await post(url, { query: unlisted })).text).toContain('"data"');
      expect((await post(url, { query: me })).text).toContain('"data"');
    }
    await logged(gateway, 'operation is not among the persisted documents');
    const lines = log.filter(({ msg }) => msg === 'operation is not among the persisted documents');
    expect(lines).toMatchObject([
      { operationName: 'Unlisted', sha256: hashOf(unlisted), refused: false },
    ]);
  });

  it('warns of listed operations that are invalid on the schema', async () => {
    const gateway = await start(
      'log',
      manifestOf([{ id: 'x', name: 'Gone', type: 'query', body: 'query Gone { gone }' }]),
    );
    const line = await logged(
      gateway,
      'a persisted document is not valid on this schema: its clients will get errors',
    );
    expect(line).toMatchObject({ id: 'x', operationName: 'Gone', level: 'warn' });
    expect(line.reason).toMatch(/Cannot query field "gone"/);
  });

  it('warns of a listed subscription with a condition at its root, with the reason', async () => {
    const body = 'subscription Ticks($s: Boolean!) { ticks @skip(if: $s) }';
    const gateway = await start(
      'log',
      manifestOf([{ id: 'x', name: 'Ticks', type: 'subscription', body }]),
    );
    const line = await logged(
      gateway,
      'a persisted document is not valid on this schema: its clients will get errors',
    );
    expect(line.reason).toBe('The root selection of a subscription must not have "@skip".');
  });

  const one = { id: 'me', name: 'Me', type: 'query', body: me };
  it.each([
    ['no JSON', '{', /is not JSON/],
    ['another format', { ...manifestOf(), format: 'relay' }, /format/],
    ['another version', { ...manifestOf(), version: 2 }, /version/],
    [
      'an id twice',
      { ...manifestOf(), operations: [one, { ...one, body: author }] },
      /the id "me" twice/,
    ],
    [
      'an operation without a body',
      { ...manifestOf(), operations: [{ ...one, body: undefined }] },
      /operations\.0\.body/,
    ],
  ])('does not start with a manifest that has %s', async (_what, manifest, message) => {
    const error = await start('enforce', manifest).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StartupError', code: 'PERSISTED_DOCUMENTS_INVALID' });
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).toMatch(message);
  });

  it('does not start without the manifest, with one over the size limit, or without its path', async () => {
    const missing = { path: join(folder, 'none.json') };
    await expect(start('enforce', undefined, missing)).rejects.toThrow('does not exist');
    await expect(start('enforce', undefined, { maxBytes: 10 })).rejects.toThrow(
      'more than the limit of 10',
    );
    await expect(
      startTestGateway(graph, { settings: { persistedDocuments: { mode: 'enforce' } } }),
    ).rejects.toThrow('persistedDocuments.path is missing');
  });
});

interface Operation {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

function manifestOf(
  operations: readonly Operation[] = [
    { id: 'me', name: 'Me', type: 'query', body: me },
    { id: 'author-1', name: 'Author', type: 'query', body: author },
    { id: 'change', name: 'Change', type: 'mutation', body: change },
  ],
): Readonly<Record<string, unknown>> {
  return { format: 'apollo-persisted-query-manifest', version: 1, operations };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function persistedQuery(sha256Hash: string): Readonly<Record<string, unknown>> {
  return { persistedQuery: { version: 1, sha256Hash } };
}

function codeOf({ text }: { readonly text: string }): string | undefined {
  return (JSON.parse(text) as { errors?: { extensions: { code: string } }[] }).errors?.[0]
    ?.extensions.code;
}

/** The response, without what differs between requests. */
async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: [string, string][]; text: string }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  });
  return {
    status: response.status,
    headers: [...response.headers].filter(
      ([name]) => name !== 'date' && name !== 'x-correlation-id',
    ),
    text: await response.text(),
  };
}

async function get(url: string, parameters: Record<string, string> | string): Promise<Answer> {
  const response = await fetch(`${url}/graphql?${new URLSearchParams(parameters).toString()}`, {
    headers: { 'apollo-require-preflight': '1' },
    signal: AbortSignal.timeout(patienceMs),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** As builds do it: atomically. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

async function logged(
  { log }: TestGateway,
  message: string,
  correlationId?: string,
): Promise<Readonly<Record<string, unknown>>> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const line = log.find(
      (entry) =>
        entry.msg === message &&
        (correlationId === undefined || entry.correlationId === correlationId),
    );
    if (line) return line;
    if (performance.now() > deadline) throw new Error(`Expected the log to say "${message}".`);
    await sleep(10);
  }
}
