import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import { runSupergraph } from '../composition/run-supergraph.ts';
import { eventually } from '../support/eventually.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const [name, version] = ['apollographql-client-name', 'apollographql-client-version'];
const long = 3_600_000;

describe('gateway: the usage log', () => {
  let graph: SmallGraph;
  let folder: string;
  let file: string;
  const open: TestGateway[] = [];

  beforeAll(async () => {
    graph = await startSmallGraph();
    folder = await mkdtemp(join(tmpdir(), 'usage-'));
  });
  afterEach(async () => {
    for (const gateway of open.splice(0)) await gateway.stop();
  });
  afterAll(async () => {
    await graph.stop();
    await rm(folder, { recursive: true });
  });

  /** Each with a file of its own, in a folder that does not exist yet. */
  const start = async (
    usage: GatewaySettings['usage'] = {},
    others: GatewaySettings = {},
  ): Promise<TestGateway> => {
    file = join(await mkdtemp(join(folder, 'of-')), 'logs', 'usage.jsonl');
    const settings = { ...others, usage: { file, flushEveryMs: long, ...usage } };
    const gateway = await startTestGateway(graph, { settings });
    open.push(gateway);
    return gateway;
  };
  const stopped = async (): Promise<readonly Line[]> => {
    for (const gateway of open.splice(0)) await gateway.stop();
    return linesOf(file);
  };

  it('has a line for each operation, client and version, without values, once the gateway stops', async () => {
    const gateway = await start();
    const before = Date.now();
    const web = { [name]: 'web', [version]: '2.1' };
    await gateway.ask('query Who { author(id: "secret-1") { name } }', web);
    await gateway.ask('query Who {\n  author(id: "secret-2") { name }\n}', web);
    await gateway.ask('query Who { author(id: "secret-3") { name } }', { [name]: 'ios' });
    await gateway.ask('{ me }');
    const lines = await stopped();
    const who = { operation: 'query Who{author(id:""){name}}', lastSeen: expect.any(String) };
    expect(lines).toEqual([
      { ...who, client: 'web', version: '2.1', count: 2 },
      { ...who, client: 'ios', count: 1 },
      { operation: '{me}', count: 1, lastSeen: expect.any(String) },
    ]);
    const seen = new Date(lines[0]?.lastSeen ?? '').getTime();
    expect(seen).toBeGreaterThanOrEqual(before);
    expect(seen).toBeLessThanOrEqual(Date.now());
  });

  it('is read by supergraph check: what a client of this gateway asks for may not be removed, the rest may', async () => {
    const gateway = await start();
    await gateway.ask('query Name { author(id: 1) { name } }', { [name]: 'web', [version]: '7' });
    await stopped();
    const schemas = await composedFolder(folder, graph);
    const used = await schemas.checkWithout('name: String!', file);
    expect(used.out).toMatch(/FIELD_REMOVED.* Author\.name/);
    expect(used.out).toContain('Name: web 7 (1)');
    expect(used.code).toBe(1);
    const young = await schemas.checkWithout('failing: String', file);
    expect(young.code).toBe(1);
    expect(young.out).toContain('The usage log covers 0 of the last 30 days.');
    await appendFile(file, '{"since":"2026-01-01"}\n');
    const unused = await schemas.checkWithout('failing: String', file);
    expect(unused.out).toMatch(/note FIELD_REMOVED.* Query\.failing/);
    expect(unused.code).toBe(0);
  });

  it('counts persisted documents and REST operations, and not what is refused', async () => {
    const body = 'query Listed { books { id } }';
    const path = join(folder, 'manifest.json');
    const id = createHash('sha256').update(body).digest('hex');
    const operations = [{ id, name: 'Listed', type: 'query', body }];
    await writeFile(
      path,
      JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }),
    );
    const gateway = await start({}, { persistedDocuments: { mode: 'enforce', path } });
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: `sha256:${id}` }),
    });
    expect(await response.json()).toMatchObject({ data: { books: [{ id: '7' }] } });
    expect((await gateway.ask('{ me }')).errors).toHaveLength(1);
    await fetch(`${gateway.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [name]: 'cli' },
      body: JSON.stringify({ username: 'anna', password: 'right' }),
    });
    const lines = await stopped();
    expect(lines).toEqual([
      { operation: 'query Listed{books{id}}', count: 1, lastSeen: expect.any(String) },
      expect.objectContaining({ client: 'cli', operation: expect.stringContaining('login(') }),
    ]);
  });

  it('counts what is over a limit in a line, and check then calls nothing unused', async () => {
    const gateway = await start({ maxOperations: 1, maxClients: 1 });
    for (const [query, client] of [
      ['{ me }', 'first'],
      ['{ me }', 'second'],
      ['{ me }', 'third'],
      ['{ refused }', 'first'],
    ] as const) {
      await gateway.ask(query, { [name]: client });
    }
    const lines = await stopped();
    const lastSeen = expect.any(String);
    expect(lines).toEqual([
      { operation: '{me}', client: 'first', count: 1, lastSeen },
      { operation: '{me}', client: 'other', count: 2, lastSeen },
      { unrecorded: 1, lastSeen },
    ]);
    const schemas = await composedFolder(folder, graph);
    const checked = await schemas.checkWithout('failing: String', file);
    expect(checked.code).toBe(1);
    expect(checked.err).toContain('leaves out 1 of the requests');
  });

  it('keeps a few letters of what a client calls itself', async () => {
    const gateway = await start();
    await gateway.ask('{ me }', { [name]: `a\tb${'c'.repeat(100)}`, [version]: ' ' });
    const [line] = await stopped();
    expect(line).toMatchObject({ client: `a b${'c'.repeat(61)}` });
    expect(line).not.toHaveProperty('version');
  });

  it('begins a new file when one is full, and when a line was cut off, and keeps as many as set', async () => {
    file = join(await mkdtemp(join(folder, 'of-')), 'usage.jsonl');
    const again = async (): Promise<void> => {
      const settings = { usage: { file, keptFiles: 2, maxFileBytes: 1024 * 1024 } };
      const gateway = await startTestGateway(graph, { settings });
      await gateway.ask('{ me }');
      await gateway.stop();
    };
    const whole = '{"since":"2026-01-01"}\n{"operation":"{ me }"}\n';
    await writeFile(file, `${whole}{"operation":"{ m`);
    await again();
    expect(await linesOf(file)).toHaveLength(1);
    const schemas = await composedFolder(folder, graph);
    expect(await schemas.checkWithout('failing: String', `${file}.1`)).toMatchObject({ code: 0 });
    for (let round = 0; round < 2; round += 1) {
      await writeFile(file, `${' '.repeat(1024 * 1024)}\n`);
      await again();
    }
    const files = await readdir(join(file, '..'));
    expect(files.sort()).toEqual(['usage.jsonl', 'usage.jsonl.1', 'usage.jsonl.2']);
  });

  it('answers while it cannot be written, says so once, and counts what was lost', async () => {
    const gateway = await start({ flushEveryMs: 100 });
    // In the place of its folder.
    await writeFile(join(file, '..'), 'a file');
    const reports = (): readonly unknown[] =>
      gateway.log.filter(({ msg }) => msg === 'the usage log is not written');
    expect(await gateway.ask('{ me }')).toMatchObject({ status: 200, data: { me: 'somebody' } });
    await eventually(
      () => reports().length,
      (count) => count === 1,
    );
    await gateway.ask('{ me }');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(reports()).toHaveLength(1);
    await rm(join(file, '..'));
    await eventually(
      () => gateway.log.some(({ msg }) => msg === 'the usage log is written again'),
      (isWritten) => isWritten,
    );
    await gateway.ask('{ me }');
    const lines = await stopped();
    expect(lines).toContainEqual({ unrecorded: 2, lastSeen: expect.any(String) });
    expect(lines.at(-1)).toMatchObject({ operation: '{me}', count: 1 });
  });
});

interface Line {
  readonly operation?: string;
  readonly lastSeen: string;
}

async function linesOf(path: string): Promise<readonly Line[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** The schemas of the graph as files, and the composed supergraph as a base. */
async function composedFolder(within: string, graph: SmallGraph) {
  const at = await mkdtemp(join(within, 'schemas-'));
  const config = join(at, 'supergraph.yaml');
  const { authors, books } = graph;
  const list = [authors, books].map(
    ({ name: subgraph, url }) =>
      `  ${subgraph}:\n    routing_url: ${url}\n    schema: { file: ./${subgraph}.graphql }`,
  );
  await writeFile(config, `federation_version: =2.14.4\nsubgraphs:\n${list.join('\n')}\n`);
  await writeFile(join(at, 'base.graphql'), graph.supergraph);
  await writeFile(join(at, 'books.graphql'), books.sdl);
  return {
    checkWithout: async (text: string, usage: string) => {
      expect(authors.sdl).toContain(text);
      await writeFile(join(at, 'authors.graphql'), authors.sdl.replace(text, '# gone\n_: Int'));
      const base = ['--base-file', join(at, 'base.graphql')];
      return runSupergraph('check', '--config', config, ...base, '--usage', usage);
    },
  };
}
