import { readFile } from 'node:fs/promises';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { identityKeys, urlVariable } from '../support/subgraph-settings.ts';

/** The subgraphs of the shop, each behind a proxy that a test controls, and a production gateway in front of them. */
export interface FaultyStorefront {
  readonly gateway: TestGateway;
  readonly storefront: TestStorefront;
  readonly users: FaultProxy;
  readonly products: FaultProxy;
  readonly orders: FaultProxy;
  /** Removes all faults. */
  mend(): void;
  stop(): Promise<void>;
}

const names = ['users', 'products', 'orders'] as const;

/** Starts everything; the settings are those of the gateway. */
export async function startFaultyStorefront(
  settings: GatewaySettings = {},
): Promise<FaultyStorefront> {
  const storefront = await startTestStorefront({ environment: identityKeys });
  const [users, products, orders] = await Promise.all([
    proxyOf(storefront, 'users'),
    proxyOf(storefront, 'products'),
    proxyOf(storefront, 'orders'),
  ]);
  const proxies = { users, products, orders };
  const urls = Object.fromEntries(names.map((name) => [urlVariable(name), proxies[name].url]));
  const supergraph = await readFile(new URL('../../supergraph.graphql', import.meta.url), 'utf8');
  const gateway = await startTestGateway(
    { supergraph },
    {
      jwksUrl: `${storefront.subgraphUrls.get('users')}/.well-known/jwks.json`,
      environment: {
        NODE_ENV: 'production',
        ACCESS_TOKEN_ISSUER: 'supergraph-users',
        ACCESS_TOKEN_AUDIENCE: 'supergraph',
        ...identityKeys,
        ...urls,
      },
      settings,
    },
  );
  return {
    gateway,
    storefront,
    ...proxies,
    mend: () => {
      for (const proxy of Object.values(proxies)) proxy.mend();
    },
    stop: async () => {
      await gateway.stop();
      await Promise.all(Object.values(proxies).map((proxy) => proxy.stop()));
      await storefront.stop();
    },
  };
}

async function proxyOf(
  { subgraphUrls }: TestStorefront,
  name: (typeof names)[number],
): Promise<FaultProxy> {
  const proxy = await startFaultProxy();
  proxy.forwardTo(String(subgraphUrls.get(name)));
  return proxy;
}
