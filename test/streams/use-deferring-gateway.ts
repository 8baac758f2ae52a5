import { afterAll, beforeAll } from '@jest/globals';
import {
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../gateway/test-gateway.ts';
import { patienceMs } from '../support/patience.ts';
import { type DeferringGraph, startDeferringGraph } from './deferring-graph.ts';

/** The two formats, by what a client accepts. */
export const formats = {
  paths: 'multipart/mixed;deferSpec=20220824',
  ids: 'multipart/mixed;incrementalSpec=v0.2',
} as const;

/** A graph with a subgraph that can be held, and the gateway over it, while the tests of a `describe` run. */
export interface DeferringGateway {
  readonly graph: DeferringGraph;
  readonly gateway: TestGateway;
  /** Sends an operation; `accept` defaults to the format with paths. */
  send(query: string, options?: SendOptions): Promise<Response>;
}

/** The options of one request. */
export interface SendOptions {
  readonly accept?: string;
  readonly variables?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Starts the graph and the gateway before the tests of a `describe`, and stops them after those. */
export function useDeferringGateway(options: TestGatewayOptions = {}): DeferringGateway {
  let graph: DeferringGraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    graph = await startDeferringGraph();
    gateway = await startTestGateway(graph, options);
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });
  return {
    get graph() {
      return graph;
    },
    get gateway() {
      return gateway;
    },
    send: (query, { accept = formats.paths, variables = {}, headers = {}, signal } = {}) =>
      fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept, ...headers },
        body: JSON.stringify({ query, variables }),
        signal: signal ?? AbortSignal.timeout(patienceMs),
      }),
  };
}

/** The payloads of a response in parts. */
export async function payloadsOf(response: Response): Promise<readonly unknown[]> {
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('multipart/mixed')) return [JSON.parse(text)];
  return text
    .split('\r\n--graphql')
    .slice(1, -1)
    .map((part) => JSON.parse(part.slice(part.indexOf('\r\n\r\n'))) as unknown);
}
