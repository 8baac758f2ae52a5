import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import type { EventChannels } from '../../engine/index.ts';
import { type GatewaySettings, loadGatewayConfig } from '../../gateway/config/load.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { shop } from '../../storefront/shop/shop.ts';
import { patienceMs } from '../support/patience.ts';
import { patientSettings } from '../support/patient-settings.ts';
import type { SmallGraph } from './small-graph.ts';
import { audience, issuer } from './token-issuer.ts';

/** A gateway over a small graph, on a free port. */
export interface TestGateway {
  readonly url: string;
  /** The supergraph file of the gateway. */
  readonly supergraphPath: string;
  /** The log so far, one object per line. */
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

/** The options of a test. */
export interface TestGatewayOptions {
  /** Where the keys of access tokens are; nowhere by default. */
  readonly jwksUrl?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** As a settings file has them. */
  readonly settings?: GatewaySettings;
  readonly clock?: Clock;
  readonly supergraph?: string;
  /** Where fields with `@event` have their events from. */
  readonly channels?: EventChannels;
}

/** Starts a gateway like its main file, with its own supergraph file and published keys. */
export async function startTestGateway(
  graph: Pick<SmallGraph, 'supergraph'>,
  {
    jwksUrl = 'http://127.0.0.1:9/',
    environment = {},
    settings = {},
    clock,
    supergraph = graph.supergraph,
    channels,
  }: TestGatewayOptions = {},
): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const supergraphPath = join(folder, 'supergraph.graphql');
  await writeFile(supergraphPath, supergraph);
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  };
  const config = loadGatewayConfig(
    {
      GATEWAY_PORT: '0',
      SUPERGRAPH_PATH: supergraphPath,
      ACCESS_TOKEN_ISSUER: issuer,
      ACCESS_TOKEN_AUDIENCE: audience,
      JWKS_URL: jwksUrl,
      ...environment,
    },
    // No requests are sent elsewhere meanwhile.
    [patientSettings, { server: { drainDelayMs: 0 } }, settings],
    shop.settings,
  );
  const gateway = await createGateway(config, {
    application: shop,
    log: createLogger('gateway', 'debug', destination),
    ...(clock && { clock }),
    ...(channels && { channels }),
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
