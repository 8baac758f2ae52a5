import { readFile } from 'node:fs/promises';
import { systemClock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import { createAuthenticate } from '../../gateway/identity/authenticate.ts';
import { createJsonWebKeys } from '../../gateway/identity/json-web-keys.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { type ApolloOracle, startApolloOracle } from '../http/apollo-oracle.ts';
import { accounts, startTestStorefront } from '../support/storefront.ts';

/** All viewers: three accounts, and an anonymous one. */
export const viewers = ['john', 'jane', 'admin', 'nobody'] as const;

/** One of them. */
export type ViewerName = (typeof viewers)[number];

/** The storefront's subgraphs behind the gateway as it ships, and behind an Apollo Server. */
export interface StorefrontAndApollo {
  readonly gateway: TestGateway;
  readonly apollo: ApolloOracle;
  /** The supergraph of both. */
  readonly supergraph: string;
  /** What a viewer says of themselves. */
  headersOf(viewer: ViewerName): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const issuer = 'supergraph-users';
const audience = 'supergraph';

/** Starts them and logs everybody in. */
export async function startStorefrontAndApollo(): Promise<StorefrontAndApollo> {
  const supergraph = await readFile(new URL('../../supergraph.graphql', import.meta.url), 'utf8');
  const storefront = await startTestStorefront();
  const environment: Record<string, string> = {
    ACCESS_TOKEN_ISSUER: issuer,
    ACCESS_TOKEN_AUDIENCE: audience,
  };
  for (const [name, url] of storefront.subgraphUrls) {
    environment[`SUBGRAPH_${name.toUpperCase()}_URL`] = `${url}/graphql`;
  }
  const jwksUrl = `${storefront.subgraphUrls.get('users')}/.well-known/jwks.json`;
  const gateway = await startTestGateway({ supergraph }, { jwksUrl, environment });
  const authenticate = createAuthenticate({
    issuer,
    audience,
    maxLifetimeSeconds: 86_400,
    cacheMax: 100,
    clock: systemClock,
    keys: createJsonWebKeys({
      url: jwksUrl,
      timeoutMs: 5_000,
      fetch: globalThis.fetch,
      clock: systemClock,
      log: createLogger('gateway', 'silent'),
    }),
  });
  const apollo = await startApolloOracle({
    supergraph,
    viewerOf: ({ headers }) => authenticate(headers.authorization),
    urlOf: (name, url) => {
      const own = storefront.subgraphUrls.get(name);
      return own === undefined ? url : `${own}/graphql`;
    },
  });
  const tokens = {
    john: await storefront.login(accounts.john),
    jane: await storefront.login(accounts.jane),
    admin: await storefront.login(accounts.admin),
    nobody: undefined,
  };
  return {
    gateway,
    apollo,
    supergraph,
    headersOf: (viewer) => {
      const token = tokens[viewer];
      const headers: Record<string, string> = {};
      if (token !== undefined) headers.authorization = `Bearer ${token}`;
      return headers;
    },
    stop: async () => {
      await gateway.stop();
      await apollo.stop();
      await storefront.stop();
    },
  };
}
