import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { systemClock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import { anonymous } from '../../common/viewer.ts';
import { SupergraphGateway } from '../../engine/index.ts';
import { limitsSection } from '../../gateway/config/limits.ts';
import { persistedDocumentsSection } from '../../gateway/config/persisted-documents.ts';
import { serverSection } from '../../gateway/config/server.ts';
import { errorFormat } from '../../gateway/http/client-error.ts';
import { createGatewayLimits } from '../../gateway/http/gateway-limits.ts';
import { graphqlPath } from '../../gateway/http/graphql-routes.ts';
import { createHttpServer, listen } from '../../gateway/http/http-server.ts';
import {
  openPersistedDocuments,
  type PersistedDocuments,
} from '../../gateway/http/persisted-documents/persisted-documents.ts';
import { stagesOf } from '../../gateway/http/pipeline/pipeline.ts';
import { readRequest } from '../../gateway/http/pipeline/read-request.ts';
import { Pipeline } from '../../gateway/http/pipeline/run-stages.ts';
import {
  type OperationStage,
  Refusal,
  type Stages,
  type Step,
} from '../../gateway/http/pipeline/stages.ts';
import { identifyViewer } from '../../gateway/http/request-context.ts';
import { noRequestRates } from '../../gateway/http/request-rates.ts';
import { type SmallGraph, startSmallGraph } from '../gateway/small-graph.ts';

const books = 'query Books { books { title } }';
const listed = 'query Listed { books { id } }';
const hash = createHash('sha256').update(books).digest('hex');
const persistedQuery = { version: 1, sha256Hash: hash };

/** Every way in which a request can refer to an operation that is already cached, or not. */
const ways: readonly (readonly [way: string, request: Request])[] = [
  ['a text', post({ query: books })],
  ['the same text again', post({ query: books })],
  ['another text', post({ query: '{ books { id } }' })],
  ['a text with its hash', post({ query: books, extensions: { persistedQuery } })],
  ['a hash', post({ extensions: { persistedQuery } })],
  ['a hash as an id', post({ documentId: `sha256:${hash}` })],
  ['an id of the manifest', post({ documentId: 'listed' })],
  ['the same id again', post({ documentId: 'listed' })],
  ['a name', post({ query: books, operationName: 'Books' })],
  ['the same name again', post({ query: books, operationName: 'Books' })],
  ['a text by GET', get({ query: books })],
  ['another text by GET', get({ query: '{ books { title id } }' })],
  ['the same text again by GET', get({ query: '{ books { title id } }' })],
  ['a hash by GET', get({ extensions: JSON.stringify({ persistedQuery }) })],
  ['an id of the manifest by GET', get({ documentId: 'listed' })],
];

/** One list of stages, which every request passes. */
describe('gateway: the pipeline', () => {
  let graph: SmallGraph;
  let folder: string;
  let documents: PersistedDocuments;
  let execution: SupergraphGateway;
  const log = createLogger('gateway', 'silent');
  const open: FastifyInstance[] = [];

  beforeAll(async () => {
    graph = await startSmallGraph();
    folder = await mkdtemp(join(tmpdir(), 'pipeline-'));
    const path = join(folder, 'manifest.json');
    const operations = [{ id: 'listed', name: 'Listed', type: 'query', body: listed }];
    const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
    await writeFile(path, JSON.stringify(manifest));
    const config = persistedDocumentsSection.parse({ mode: 'log', path, watch: false });
    documents = await openPersistedDocuments(config, { maxTokens: 1_000, log });
    execution = new SupergraphGateway({ supergraphSdl: graph.supergraph, logger: log });
    await execution.load();
  });
  afterEach(async () => {
    for (const app of open.splice(0)) await app.close();
  });
  afterAll(async () => {
    await execution.stop();
    documents.close();
    await graph.stop();
    await rm(folder, { recursive: true });
  });

  /** Serves the stages of a gateway with additions of a test. */
  const serve = async (change: (stages: Stages) => Stages): Promise<string> => {
    const mode = 'development';
    const format = errorFormat(mode);
    const stages = stagesOf({
      mode,
      read: readRequest(() => undefined),
      identify: identifyViewer({
        authenticate: () => Promise.resolve(anonymous),
        identify: () => Promise.resolve(anonymous),
        subgraphHeaders: () => () => [],
        publicHeadersFor: () => [],
        requestTimeoutMs: 10_000,
        clock: systemClock,
      }),
      documents,
      limits: createGatewayLimits(limitsSection.parse({}), mode),
      guarded: { names: new Set(), rates: noRequestRates },
      execution,
      planView: undefined,
      usage: undefined,
      format,
      acceptedFormat: undefined,
    });
    const pipeline = new Pipeline({
      stages: change(stages),
      schema: () => execution.schema,
      documentBytesMax: 1_000_000,
      format,
    });
    const app = createHttpServer(serverSection.parse({}), {
      log,
      addressOf: () => '127.0.0.1',
      operations: {
        takes: ({ path }) => path === graphqlPath,
        answer: (exchange) => pipeline.answer(exchange),
      },
    });
    open.push(app);
    return listen(app, { host: '127.0.0.1', port: 0 });
  };

  const places = [0, 1, 2, 3, 4, 5, 6];

  it.each(places)(
    'sends every request through a stage that is added at place %i',
    async (place) => {
      let prepared = 0;
      let met = 0;
      const added: OperationStage = () => {
        prepared += 1;
        return () => {
          met += 1;
          return undefined;
        };
      };
      const url = await serve((stages) => {
        // The last one answers: nothing comes after it.
        expect(stages.operation).toHaveLength(places.length);
        return { ...stages, operation: stages.operation.toSpliced(place, 0, added) };
      });
      for (const [at, [way, request]] of ways.entries()) {
        const { status, text } = await send(url, request);
        expect([way, status, text]).toEqual([way, 200, expect.stringContaining('{"books":[{')]);
        expect([way, met]).toEqual([way, at + 1]);
      }
      // Four texts, and one of them also by its name.
      expect(prepared).toBe(5);
    },
  );

  it.each([
    ['first', 0],
    ['last', 3],
  ])('sends every request through an addition to the arrival %s', async (_what, place) => {
    let met = 0;
    const count: Step = () => {
      met += 1;
      return undefined;
    };
    const url = await serve((stages) => ({
      ...stages,
      arrival: stages.arrival.toSpliced(place, 0, count),
    }));
    for (const [, request] of ways) expect((await send(url, request)).status).toBe(200);
    expect(met).toBe(ways.length);
  });

  it('shows a new document to every stage of documents, once', async () => {
    const seen: string[] = [];
    const url = await serve((stages) => ({
      ...stages,
      document: [
        ...stages.document,
        (source, document) => {
          seen.push(source);
          return document;
        },
      ],
    }));
    for (const [, request] of ways) await send(url, request);
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
  });

  it('refuses with the error of a stage, whether the operation is cached or not', async () => {
    const url = await serve((stages) => ({
      ...stages,
      operation: [
        ...stages.operation.slice(0, 1),
        () => () => {
          throw new Refusal([]);
        },
        ...stages.operation.slice(1),
      ],
    }));
    const before = graph.books.calls.length;
    for (const [, request] of ways) {
      const { text } = await send(url, request);
      expect(text).not.toContain('"data"');
    }
    expect(graph.books.calls.length).toBe(before);
  });

  it('answers in parts when a stage returns parts', async () => {
    async function* parts(): AsyncGenerator<string> {
      yield 'one,';
      await Promise.resolve();
      yield 'two';
    }
    const url = await serve((stages) => ({
      ...stages,
      operation: [
        ...stages.operation.slice(0, -1),
        () => () => ({ contentType: 'multipart/mixed', parts: parts() }),
      ],
    }));
    for (let time = 0; time < 2; time += 1) {
      const { status, type, text } = await send(url, post({ query: books }));
      expect([status, type, text]).toEqual([200, 'multipart/mixed', 'one,two']);
    }
  });
});

interface Request {
  readonly search: string;
  readonly init: RequestInit;
}

function post(body: object): Request {
  const headers = { 'content-type': 'application/json' };
  return { search: '', init: { method: 'POST', headers, body: JSON.stringify(body) } };
}

function get(parameters: Readonly<Record<string, string>>): Request {
  const search = `?${new URLSearchParams(parameters).toString()}`;
  return { search, init: { headers: { 'apollo-require-preflight': '1' } } };
}

async function send(
  url: string,
  { search, init }: Request,
): Promise<{ readonly status: number; readonly type: string | null; readonly text: string }> {
  const response = await fetch(`${url}/graphql${search}`, {
    ...init,
    signal: AbortSignal.timeout(10_000),
  });
  const type = response.headers.get('content-type');
  return { status: response.status, type, text: await response.text() };
}
