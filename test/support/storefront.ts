import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import { startStorefront } from '../../storefront/start-storefront.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { openTestHome } from './database.ts';
import { patienceMs } from './patience.ts';
import { patientSettings } from './patient-settings.ts';
import { freePorts } from './subgraph-settings.ts';
import type { Answer } from './subgraph.ts';

/** The demonstration accounts by their first names. */
export const accounts = {
  john: { username: 'john@example.com', password: 'pass456' },
  jane: { username: 'jane@example.com', password: 'pass789' },
  admin: { username: 'admin@example.com', password: 'pass123' },
} as const;

/** Everything in one process on free ports, with demonstration data in a database of the test's own. */
export interface TestStorefront {
  readonly gatewayUrl: string;
  readonly subgraphUrls: ReadonlyMap<string, string>;
  /** Where its files are, such as e-mails. */
  readonly dataDir: string;
  /** An access token, by the login of the gateway. */
  login(account: { readonly username: string; readonly password: string }): Promise<string>;
  /** Sends an operation through the gateway. */
  ask(token: string | undefined, query: string, variables?: object): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts the storefront as `npm start` does, on free ports. */
export async function startTestStorefront({
  home,
  environment = {},
  settings = {},
}: {
  home?: DatabaseHome;
  environment?: Record<string, string>;
  /** Of the gateway, as a settings file has them. */
  settings?: GatewaySettings;
} = {}): Promise<TestStorefront> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storefront-'));
  const storefront = await startStorefront(
    {
      DATA_DIR: dataDir,
      ...freePorts,
      LOG_LEVEL: 'silent',
      ...environment,
    },
    { home: home ?? (await openTestHome()), settings: [patientSettings, settings] },
  );
  const post = (path: string, body: object, token?: string): Promise<Response> =>
    fetch(`${storefront.gatewayUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
  return {
    gatewayUrl: storefront.gatewayUrl,
    subgraphUrls: storefront.subgraphUrls,
    dataDir,
    async login(account) {
      const response = await post('/login', account);
      const { access_token: token } = (await response.json()) as { access_token: string };
      return token;
    },
    async ask(token, query, variables = {}) {
      const response = await post('/graphql', { query, variables }, token);
      const { data, errors } = (await response.json()) as Omit<Answer, 'status'>;
      return { status: response.status, data, errors };
    },
    async stop() {
      await storefront.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
