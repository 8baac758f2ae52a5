import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IntrospectAndCompose, LocalCompose, UplinkSupergraphManager } from '@apollo/gateway';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { SupergraphGateway } from '../../engine/index.ts';
import { until } from '../support/until.ts';
import { type SharedOptions, quiet, withEach } from './gateways.ts';
import { type Shop, startShop } from './shop.ts';

describe('drop-in: where the supergraph comes from', () => {
  let shop: Shop;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    shop = await startShop();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => shop.stop());

  const query = '{ product { name reviews { stars } } }';
  const data = { product: { name: 'Product 1', reviews: [{ stars: 4 }, { stars: 5 }] } };

  /** The response of each gateway with this source of the supergraph. */
  const answers = async (source: () => SharedOptions['supergraphSdl']): Promise<unknown> =>
    withEach(
      (create) => ({ gateway: create({ supergraphSdl: source() }) }),
      async ({ post }) => (await post({ query })).body,
    );
  const both = { theirs: { data }, ours: { data } };

  it('a string', async () => {
    expect(await answers(() => shop.supergraphSdl)).toEqual(both);
  });

  it('a hook, whose cleanup is called at the end', async () => {
    let cleanedUp = 0;
    const hook = async () => ({
      supergraphSdl: shop.supergraphSdl,
      cleanup: async () => void (cleanedUp += 1),
    });
    expect(await answers(() => hook)).toEqual(both);
    expect(cleanedUp).toBe(2);
  });

  it('IntrospectAndCompose, which queries running subgraphs, with headers', async () => {
    const before = shop.received.length;
    const answer = await answers(
      () =>
        new IntrospectAndCompose({
          subgraphs: shop.subgraphs.map(({ name, url }) => ({ name, url })),
          introspectionHeaders: { authorization: 'to read schemas' },
          subgraphHealthCheck: true,
          logger: quiet,
        }),
    );
    expect(answer).toEqual(both);
    const introspections = shop.received
      .slice(before)
      .filter(({ authorization }) => authorization === 'to read schemas');
    expect(introspections.map(({ subgraph }) => subgraph).sort()).toEqual([
      'products',
      'products',
      'reviews',
      'reviews',
    ]);
  });

  it('IntrospectAndCompose, which loads a changed schema while requests are answered', async () => {
    const { gateway, updates } = load(
      new IntrospectAndCompose({
        subgraphs: [{ name: 'changing', url: await startChanging() }],
        pollIntervalInMs: 20,
        logger: quiet,
      }),
    );
    await gateway.load();
    expect(updates).toHaveLength(1);
    await until(() => updates.length > 1);
    expect(updates.map((sdl) => sdl.includes('second: Int'))).toEqual([false, true]);
  });

  it('IntrospectAndCompose fails to start with an unreachable subgraph', async () => {
    const { gateway } = load(
      new IntrospectAndCompose({
        subgraphs: [{ name: 'absent', url: 'http://127.0.0.1:9/' }],
        logger: quiet,
      }),
    );
    await expect(gateway.load()).rejects.toThrow(/absent/);
  });

  it('LocalCompose', async () => {
    const localServiceList = shop.subgraphs.map(({ name, url, typeDefs }) => ({
      name,
      url,
      typeDefs: parse(typeDefs),
    }));
    expect(await answers(() => new LocalCompose({ localServiceList, logger: quiet }))).toEqual(
      both,
    );
  });

  it('UplinkSupergraphManager, with a server that speaks its protocol', async () => {
    const asked: unknown[] = [];
    const endpoint = await listen(
      createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
            variables: unknown;
          };
          asked.push(variables);
          const routerConfig = {
            __typename: 'RouterConfigResult',
            id: 'first',
            supergraphSdl: shop.supergraphSdl,
            minDelaySeconds: 10,
          };
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ data: { routerConfig } }));
        });
      }),
    );
    const answer = await answers(
      () =>
        new UplinkSupergraphManager({
          apiKey: 'service:shop:key',
          graphRef: 'shop@current',
          uplinkEndpoints: [endpoint],
          shouldRunSubgraphHealthcheck: true,
          logger: quiet,
        }),
    );
    expect(answer).toEqual(both);
    expect(asked[1]).toEqual({ apiKey: 'service:shop:key', ref: 'shop@current', ifAfterId: null });
  });

  /** Our gateway, and the supergraphs that its listeners have received. */
  function load(supergraphSdl: SharedOptions['supergraphSdl']): {
    gateway: SupergraphGateway;
    updates: string[];
  } {
    const updates: string[] = [];
    const gateway = new SupergraphGateway({ supergraphSdl, logger: quiet });
    gateway.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) => updates.push(coreSupergraphSdl));
    closing.push(() => gateway.stop());
    return { gateway, updates };
  }

  /** A subgraph that has a second field from the second schema request on. */
  async function startChanging(): Promise<string> {
    let asked = 0;
    return listen(
      createServer((_request, response) => {
        asked += 1;
        const sdl = `type Query { first: Int ${asked > 1 ? 'second: Int' : ''} }`;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ data: { _service: { sdl } } }));
      }),
    );
  }

  async function listen(server: Server): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }
});
