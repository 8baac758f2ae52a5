import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { patienceMs } from '../support/patience.ts';
import type { SmallGraph } from './small-graph.ts';
import { audience, issuer } from './token-issuer.ts';

/** A gateway over a small graph, on a free port. */
export interface TestGateway {
  readonly url: string;
  /** The file it has its supergraph from. */
  readonly supergraphPath: string;
  /** The log so far, one object a line. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Sends an operation. */
  ask(query: string, headers?: Readonly<Record<string, string>>): Promise<GraphQLAnswer>;
  stop(): Promise<void>;
}

/** The answer to an operation. */
export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What a test wants otherwise. */
export interface TestGatewayOptions {
  /** Where the keys of access tokens are; nowhere by default. */
  readonly jwksUrl?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly supergraph?: string;
  /** Settings of a file (YAML), which the environment is laid over. */
  readonly file?: string;
}

/** Starts a gateway as its main file does, with a supergraph file and published keys of its own. */
export async function startTestGateway(
  graph: Pick<SmallGraph, 'supergraph'>,
  {
    jwksUrl = 'http://127.0.0.1:9/',
    environment = {},
    clock,
    supergraph = graph.supergraph,
    file = '',
  }: TestGatewayOptions = {},
): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const supergraphPath = join(folder, 'supergraph.graphql');
  const configPath = join(folder, 'gateway.yaml');
  await writeFile(supergraphPath, supergraph);
  await writeFile(configPath, file);
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  };
  const config = loadGatewayConfig({
    GATEWAY_CONFIG: configPath,
    GATEWAY_PORT: '0',
    SUPERGRAPH_PATH: supergraphPath,
    ACCESS_TOKEN_ISSUER: issuer,
    ACCESS_TOKEN_AUDIENCE: audience,
    JWKS_URL: jwksUrl,
    // One address asks for all tests of a file.
    RATE_LIMIT_ENABLED: 'false',
    // Nothing sends requests elsewhere meanwhile.
    DRAIN_DELAY_MS: '0',
    // However slow the machine is, no test but those of admission is turned away.
    REQUESTS_MIN_IN_FLIGHT: '512',
    // However slow the machine is, no subgraph is given up but where that is what is tested.
    SUBGRAPH_TIMEOUT_MS: '60000',
    REQUEST_TIMEOUT_MS: '60000',
    ...environment,
  });
  const gateway = await createGateway(config, {
    log: createLogger('gateway', 'debug', destination),
    ...(clock && { clock }),
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  return {
    url: gateway.url,
    supergraphPath,
    log: lines,
    ask: (query, headers) => ask(gateway.url, query, headers),
    stop: async () => {
      await gateway.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ask(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<GraphQLAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(patienceMs),
  });
  const text = await response.text();
  const { status, headers: received } = response;
  return { ...(JSON.parse(text) as object), status, headers: received, text };
}
