import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readConfig, type SupergraphConfig } from '../../composition/config.ts';
import { introspect } from '../../composition/introspect.ts';
import type { CompositionProblem } from '../../composition/problem.ts';
import { composedOf, composeFiles, problemsIn } from './composed-folder.ts';

const environment = { A_HOST: 'a.test', EMPTY: '', SCHEMA: 'a.graphql' };

const listOf = (subgraph: string): string =>
  `subgraphs:\n  a:\n${subgraph.replaceAll(/^/gm, '    ')}\n`;

/** The list of subgraphs, as rover reads it. */
describe('composition: supergraph.yaml', () => {
  it.each([
    ['${env.A_HOST}', 'http://a.test:4001/'],
    ['${env.A_HOST:-127.0.0.1}', 'http://a.test:4001/'],
    ['${env.NONE:-127.0.0.1}', 'http://127.0.0.1:4001/'],
    ['${env.EMPTY:-127.0.0.1}', 'http://127.0.0.1:4001/'],
    ['${env.NONE:-a}.${env.A_HOST}', 'http://a.a.test:4001/'],
  ])('expands %s', async (host, expected) => {
    const { subgraphs } = await configOf(
      listOf(`routing_url: http://${host}:4001/\nschema: { file: '\${env.SCHEMA}' }`),
    );
    expect(subgraphs).toMatchObject([
      { routingUrl: expected, schema: { path: expect.stringMatching(/\/a\.graphql$/) } },
    ]);
  });

  it.each([
    ['${env.NONE}', 'the environment variable NONE is not set'],
    ['${env.toString}', 'the environment variable toString is not set'],
    ['${file.secret}', '${file.secret} is not known here: expected ${env.NAME}'],
    ['${env.a-b}', '${env.a-b} is not known here: expected ${env.NAME}'],
  ])('names the variable of %s, which has no value, and where it is', async (host, message) => {
    const problems = await problemsOf(
      listOf(`routing_url: http://${host}/\nschema: { file: a.graphql }`),
    );
    expect(problems).toMatchObject([
      {
        code: 'CONFIG_VARIABLE_UNSET',
        message: `subgraphs.a.routing_url: ${message}`,
        places: [{ line: 3 }],
      },
    ]);
  });

  it('leaves what GraphQL calls a variable alone', async () => {
    const sdl = 'type Query { a: Int } # @fromContext(field: "$ctx { id }") ${x}';
    const { subgraphs } = await configOf(
      listOf(`routing_url: http://x/\nschema: { sdl: '${sdl}' }`),
    );
    expect(subgraphs).toMatchObject([{ schema: { kind: 'sdl', sdl } }]);
  });

  it.each([
    ['2', '2'],
    ['"2"', '2'],
    ['=2.14.4', '=2.14.4'],
    ['"=2.14.4"', '=2.14.4'],
    ['v2.14.4', 'v2.14.4'],
    ['latest', 'latest'],
  ])('takes the version %s', async (version, expected) => {
    const text = `federation_version: ${version}\n${listOf('routing_url: http://x/\nschema: { sdl: a }')}`;
    expect((await configOf(text)).federationVersion).toBe(expected);
  });

  it.each([
    ['2.14', 'expected 2, or an exact version such as "=2.14.4"'],
    ['"=2"', 'expected 2, or an exact version such as "=2.14.4"'],
    ['1', 'Federation 1 is not composed here; expected 2'],
    ['=1.0.0', 'expected 2, or an exact version such as "=2.14.4"'],
  ])('refuses the version %s in words', async (version, message) => {
    const text = `federation_version: ${version}\n${listOf('routing_url: http://x/\nschema: { sdl: a }')}`;
    expect(await problemsOf(text)).toMatchObject([
      { code: 'CONFIG_INVALID', message: `federation_version: ${message}`, places: [{ line: 1 }] },
    ]);
  });

  it('merges what merge keys name', async () => {
    const { subgraphs } = await configOf(`
x-defaults: &defaults
  routing_url: http://x/
subgraphs:
  a:
    <<: *defaults
    schema: { file: a.graphql }
  b: &b
    <<: *defaults
    routing_url: http://b/
    schema: { file: b.graphql }
  c:
    <<: [*b, *defaults]
`);
    expect(subgraphs.map(({ name, routingUrl }) => [name, routingUrl])).toEqual([
      ['a', 'http://x/'],
      ['b', 'http://b/'],
      ['c', 'http://b/'],
    ]);
  });

  it.each([
    ['routing_url: http://x/\nschema: {}', 'expected one of file, sdl and subgraph_url'],
    [
      'routing_url: http://x/\nschema: { file: a, sdl: b }',
      'expected one of file, sdl and subgraph_url',
    ],
    [
      'routing_url: http://x/\nschema: { file: a, introspection_headers: { a: b } }',
      'introspection_headers go with a subgraph_url',
    ],
    ['schema: { file: a }', 'expected an http or https URL'],
  ])('refuses %j', async (subgraph, message) => {
    const [problem] = await problemsOf(listOf(subgraph));
    expect(problem?.message).toContain(message);
  });

  it('says of a key of rover’s that is in another place where it goes', async () => {
    const [problem] = await problemsOf(
      listOf('subgraph_url: http://x/\nschema: { file: a }\nrouting_url: http://x/'),
    );
    expect(problem?.fix).toBe('Move it into the schema: schema.subgraph_url.');
  });
});

describe('composition: where schemas come from', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  const start = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const sdl = 'type Query { a: Int }';

  it('composes what the list itself has, and places its errors there', async () => {
    const composed = composedOf(
      await composeFiles({
        'supergraph.yaml': listOf(`routing_url: http://x/\nschema: { sdl: '${sdl}' }`),
      }),
    );
    expect(composed.apiSdl).toContain('a: Int');
    const [problem] = problemsIn(
      await composeFiles({
        'supergraph.yaml': listOf("routing_url: http://x/\nschema: { sdl: 'type' }"),
      }),
    );
    expect(problem?.places).toMatchObject([
      { file: expect.stringMatching(/supergraph\.yaml#a$/), line: 1 },
    ]);
  });

  it('asks a subgraph that runs only when it is told to, with the headers of the list', async () => {
    const seen: unknown[] = [];
    const url = await start((request, response) => {
      seen.push(request.headers['x-key']);
      response.end(JSON.stringify({ data: { _service: { sdl } } }));
    });
    const files = {
      'supergraph.yaml': listOf(
        `schema: { subgraph_url: '${url}', introspection_headers: { x-key: k } }`,
      ),
    };
    const [problem] = problemsIn(await composeFiles(files));
    expect(problem).toMatchObject({
      code: 'SCHEMA_NOT_ASKED_FOR',
      message: expect.stringContaining(url),
      fix: expect.stringContaining('--introspect'),
    });
    expect(seen).toEqual([]);
    const composed = composedOf(await composeFiles(files, fetch));
    expect(composed.supergraphSdl).toContain(`url: "${url}"`);
    expect(seen).toEqual(['k']);
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      'errors',
      (_, response) => response.end('{"errors":[{"message":"no"}]}'),
      /answers 200 and no data\._service\.sdl: .*no/,
    ],
    [
      'a page',
      (_, response) => response.writeHead(404).end('<html>'),
      /answers 404 and no data\._service\.sdl: <html>/,
    ],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /does not answer/,
    ],
    ['17 MB', (_, response) => response.end('x'.repeat(17 * 1024 * 1024)), /over 16777216 bytes/],
    ['nothing', (_, response) => response.destroy(), /does not answer/],
  ])('says so when a subgraph answers %s', async (_what, listener, message) => {
    const url = await start(listener);
    const [problem] = problemsIn(
      await composeFiles(
        { 'supergraph.yaml': listOf(`schema: { subgraph_url: '${url}' }`) },
        fetch,
      ),
    );
    expect(problem).toMatchObject({
      code: 'SCHEMA_UNREADABLE',
      message: expect.stringMatching(message),
      fix: expect.stringContaining('Start the subgraph'),
    });
  });

  it('does not wait for a subgraph that is silent, or that does not end its answer', async () => {
    const silent = await start(() => undefined);
    const endless = await start((_, response) => response.write('{'));
    for (const url of [silent, endless]) {
      await expect(introspect({ kind: 'subgraph', url, headers: {} }, fetch, 200)).rejects.toThrow(
        /timeout/,
      );
    }
  });
});

async function configOf(yaml: string): Promise<SupergraphConfig> {
  const result = await read(yaml);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

async function problemsOf(yaml: string): Promise<readonly CompositionProblem[]> {
  const result = await read(yaml);
  if (result.ok) throw new Error('The list is right, although it should not be.');
  return result.problems;
}

async function read(yaml: string): ReturnType<typeof readConfig> {
  const folder = await mkdtemp(join(tmpdir(), 'config-'));
  try {
    const path = join(folder, 'supergraph.yaml');
    await writeFile(path, yaml);
    return await readConfig(path, environment);
  } finally {
    await rm(folder, { recursive: true });
  }
}
