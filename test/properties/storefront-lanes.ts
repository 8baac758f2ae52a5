import { readFile } from 'node:fs/promises';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { accounts, startTestStorefront } from '../support/storefront.ts';

/** Everybody who asks: three accounts, and nobody. */
export const viewers = ['john', 'jane', 'admin', 'nobody'] as const;

/** One of them. */
export type ViewerName = (typeof viewers)[number];

/** The storefront's subgraphs behind two gateways: one with both lanes, and one that leaves all to Apollo Server. */
export interface StorefrontLanes {
  readonly both: TestGateway;
  readonly apolloOnly: TestGateway;
  /** The supergraph of both. */
  readonly supergraph: string;
  /** What a viewer says of themselves. */
  headersOf(viewer: ViewerName): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts them and logs everybody in. */
export async function startStorefrontLanes(): Promise<StorefrontLanes> {
  const supergraph = await readFile(new URL('../../supergraph.graphql', import.meta.url), 'utf8');
  const storefront = await startTestStorefront();
  const environment: Record<string, string> = {
    ACCESS_TOKEN_ISSUER: 'supergraph-users',
    ACCESS_TOKEN_AUDIENCE: 'supergraph',
  };
  for (const [name, url] of storefront.subgraphUrls) {
    environment[`SUBGRAPH_${name.toUpperCase()}_URL`] = `${url}/graphql`;
  }
  const jwksUrl = `${storefront.subgraphUrls.get('users')}/.well-known/jwks.json`;
  const both = await startTestGateway({ supergraph }, { jwksUrl, environment });
  const apolloOnly = await startTestGateway(
    { supergraph },
    { jwksUrl, environment: { ...environment, DIRECT_LANE_ENABLED: 'false' } },
  );
  const tokens = {
    john: await storefront.login(accounts.john),
    jane: await storefront.login(accounts.jane),
    admin: await storefront.login(accounts.admin),
    nobody: undefined,
  };
  return {
    both,
    apolloOnly,
    supergraph,
    headersOf: (viewer) => {
      const token = tokens[viewer];
      const headers: Record<string, string> = {};
      if (token !== undefined) headers.authorization = `Bearer ${token}`;
      return headers;
    },
    stop: async () => {
      await both.stop();
      await apolloOnly.stop();
      await storefront.stop();
    },
  };
}
