import { correlationHeader } from '../../common/correlation.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import type { Role, Viewer } from '../../common/viewer.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import type { SubgraphContext, SubgraphDefinition } from '../../subgraphs/kit/define-subgraph.ts';
import { type StartedSubgraph, startSubgraph } from '../../subgraphs/kit/start-subgraph.ts';
import { patienceMs } from './patience.ts';

/** A GraphQL answer as a test reads it. */
export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever shape its operation asked for
  readonly data: any;
  readonly errors:
    | readonly {
        readonly message: string;
        readonly path?: readonly (string | number)[];
        readonly extensions?: { readonly code?: string };
      }[]
    | undefined;
}

/** Sends an operation to a subgraph as the gateway does, for a viewer. */
export type Ask = (viewer: Viewer, query: string, variables?: object) => Promise<Answer>;

/** A viewer who is logged in. */
export function user(id: string, role: Role = 'customer'): Viewer {
  return { kind: 'user', id, role, scopes: [], sessionId: `session-of-${id}` };
}

/** Starts a real subgraph with demonstration data on a free port. */
export async function startTestSubgraph<TTables, TServices, TContext extends SubgraphContext>(
  definition: SubgraphDefinition<TTables, TServices, TContext>,
  home: DatabaseHome,
  { environment = {}, dataDir }: { environment?: Record<string, string>; dataDir: string },
): Promise<StartedSubgraph & { readonly ask: Ask }> {
  const key = developmentIdentityKey(definition.name);
  const server = await startSubgraph(definition, {
    settings: {
      mode: 'development',
      host: '127.0.0.1',
      port: 0,
      identityKeys: [key],
      demonstrationData: true,
      drainDelayMs: 0,
      drainTimeoutMs: 10_000,
      migrationsAtStart: 'run',
      logLevel: 'silent',
    },
    home,
    environment,
    dataDir,
  });
  const sign = createIdentitySigner(definition.name, key);
  const ask: Ask = async (viewer, query, variables = {}) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [identityHeader]: sign(viewer).token,
        [correlationHeader]: 'test-correlation-id',
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const body = (await response.json()) as Omit<Answer, 'status'>;
    return { status: response.status, data: body.data, errors: body.errors };
  };
  return { ...server, ask };
}
