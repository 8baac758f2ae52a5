import { readFile } from 'node:fs/promises';
import { ApolloServer } from '@apollo/server';
import { describe, expect, it, jest } from '@jest/globals';
import { SupergraphGateway } from '../../engine/index.ts';
import { until } from '../support/until.ts';
import {
  createApolloGateway,
  gate,
  startCompared,
  useComparedShop,
  wrapApolloGateway,
} from './compared-servers.ts';
import { startSubgraphs } from './shop.ts';

const reviewed = 'query Reviewed { product { name reviews { stars } } }';

describe('drop-in: comparing with ApolloGateway', () => {
  const { shop, start, theirRequests } = useComparedShop();

  describe('differences', () => {
    it('do not occur for equal responses', async () => {
      const { ask, settled, differences, log } = await start(
        createApolloGateway(shop().supergraphSdl),
      );
      for (const query of [
        reviewed,
        '{ product { ... { name } __typename id } }',
        'query ($id: ID! = 3) { product(id: $id) { name(upper: true) } }',
        '{ uncached { id reviews { stars } } }',
        '{ refused product { name } }',
        '{ failing }',
        '{ __type(name: "Product") { fields { name } } }',
      ]) {
        await ask(query);
      }
      expect(await settled()).toEqual({
        sampled: 7,
        equal: 7,
        different: 0,
        failed: 0,
        dropped: 0,
      });
      expect(differences).toEqual([]);
      expect(log).toEqual(['Comparing 100 % of queries with another gateway.']);
    });

    it('are reported with the operation, the first path and both values, without variables', async () => {
      const upper = createApolloGateway(shop().supergraphSdl, {
        didReceiveResponse: ({ response }) => {
          const product = response.data?.product as { name: string } | undefined;
          if (product) product.name = 'x'.repeat(1000);
          return response;
        },
      });
      const { ask, settled, differences, log } = await start(upper);
      const query = 'query Named($id: ID!) { product(id: $id) { id name } }';
      await ask(query, { id: 'secret' });
      await settled();
      expect(differences).toEqual([
        {
          kind: 'data',
          operationName: 'Named',
          document: query,
          path: ['product', 'name'],
          ours: '"Product secret"',
          theirs: `"${'x'.repeat(198)}…`,
        },
      ]);
      expect(log.slice(1)).toEqual([
        `Gateways differ in data at product.name: "Product secret" here, "${'x'.repeat(198)}… there.\n` +
          `Operation Named: ${query}`,
      ]);
    });

    it('can be reported without values, and with variables', async () => {
      const gateway = createApolloGateway(shop().supergraphSdl, {
        didReceiveResponse: ({ response }) => ({ ...response, data: { product: null } }),
      });
      const { ask, settled, differences, log } = await start({
        gateway,
        sampleRate: 1,
        showsValues: false,
        showsVariables: true,
      });
      await ask('query ($id: ID!) { product(id: $id) { name } }', { id: '7' });
      await settled();
      expect(log[1]).toContain('at product: an object here, null there');
      expect(log[1]).toContain('Variables: {"id":"7"}');
      expect(differences).toMatchObject([{ variables: { id: '7' }, ours: 'an object' }]);
    });

    it('are logged once per operation, kind and path, and counted each time', async () => {
      const gateway = createApolloGateway(shop().supergraphSdl, {
        honorSubgraphCacheControlHeader: false,
      });
      const { ask, settled, differences, log } = await start(gateway);
      for (let times = 0; times < 3; times += 1) {
        await ask('{ product { name } }');
        await settled();
      }
      expect(differences).toHaveLength(3);
      expect(differences[0]).toMatchObject({
        kind: 'cachePolicy',
        ours: 'max-age=60, public',
        theirs: 'no-store',
      });
      expect(log.slice(1)).toEqual([
        'Gateways differ in cachePolicy: max-age=60, public here, no-store there.\n' +
          'Operation without a name: { product { name } }',
      ]);
    });

    it('are found in codes and paths of errors', async () => {
      const gateway = createApolloGateway(shop().supergraphSdl, {
        didReceiveResponse: ({ response }) => ({
          ...response,
          errors: [{ message: 'No.', path: ['product'], extensions: { code: 'FORBIDDEN' } }],
        }),
      });
      const { ask, settled, differences } = await start(gateway);
      await ask('{ product { name } }');
      await settled();
      expect(differences).toMatchObject([
        {
          kind: 'errors',
          path: [],
          ours: 'none of these',
          theirs: expect.stringMatching(/^FORBIDDEN/),
        },
      ]);
    });

    it('include the mistakes of ApolloGateway', async () => {
      const prices = await startSubgraphs({
        pricing: {
          schema: `
            type Query { product: Product }
            type Product @key(fields: "id") { id: ID! price(currency: String = "CHF"): Int }
          `,
          resolvers: {
            Query: { product: () => ({ id: '1' }) },
            Product: {
              __resolveReference: ({ id }: { id: string }) => ({ id }),
              price: (_: unknown, { currency }: { currency: string }) =>
                ({ USD: 100, EUR: 90 })[currency] ?? 80,
            },
          },
        },
        shipping: {
          schema: `type Product @key(fields: "id") {
            id: ID!
            price(currency: String = "CHF"): Int @external
            inDollars: String @requires(fields: "price(currency: \\"USD\\")")
          }`,
          resolvers: {
            Product: {
              __resolveReference: (reference: object) => reference,
              inDollars: ({ price }: { price: number }) => `$${price}`,
            },
          },
        },
      });
      const { supergraphSdl } = prices;
      const server = await startCompared(createApolloGateway(supergraphSdl), { supergraphSdl });
      const query = '{ product { price(currency: "EUR") inDollars } }';
      const answer = await server.ask(query);
      const { different } = await server.settled();
      await server.stop();
      await prices.stop();
      expect(answer).toEqual({ data: { product: { price: 90, inDollars: '$100' } } });
      expect(different).toBe(1);
      expect(server.differences[0]).toMatchObject({ kind: 'data', document: query });
      expect(server.differences[0]?.path[0]).toBe('product');
    });
  });

  describe('what is compared', () => {
    it('is never an operation with @defer, which the other gateway may not know', async () => {
      const { ask, settled } = await start(createApolloGateway(shop().supergraphSdl));
      await ask('{ product { name ... @defer { reviews { stars } } } }');
      await ask(reviewed);
      expect(await settled()).toMatchObject({ sampled: 1, equal: 1 });
    });

    it('is never a mutation', async () => {
      const { ask, post, settled } = await start(createApolloGateway(shop().supergraphSdl));
      const before = theirRequests();
      const renamed = 'mutation { rename(id: 1, name: "n") { name reviews { stars } } }';
      expect(await ask(renamed)).toMatchObject({ data: { rename: { name: 'n' } } });
      await ask(`query A { product { name } } ${renamed.replace('mutation', 'mutation B')}`);
      const both = 'query A { product { name } } mutation B { rename(id: 1, name: "n") { name } }';
      await post({ query: both, operationName: 'B' });
      await post({ query: both, operationName: 'A' });
      expect(await settled()).toMatchObject({ sampled: 1, equal: 1 });
      expect(theirRequests() - before).toBe(1);
    });

    it('is no query at a sample rate of 0', async () => {
      const gateway = createApolloGateway(shop().supergraphSdl);
      const { ask, settled } = await start({ gateway, sampleRate: 0 });
      const before = theirRequests();
      for (let times = 0; times < 5; times += 1) await ask(reviewed);
      expect(await settled()).toMatchObject({ sampled: 0 });
      expect(theirRequests()).toBe(before);
    });

    it('is a hundredth of the queries by default', async () => {
      const draws = [0.5, 0.01, 0.0099, 0];
      const gateway = createApolloGateway(shop().supergraphSdl);
      const compared = await start(gateway, {
        compareWith: gateway,
        random: () => draws.shift() ?? 1,
      });
      for (let times = 0; times < 5; times += 1) {
        await compared.ask(reviewed);
        await compared.settled();
      }
      expect(await compared.settled()).toMatchObject({ sampled: 2, equal: 2 });
    });

    it('is limited in number at the same time; the rest is counted as dropped', async () => {
      const { promise: released, release } = gate();
      let started = 0;
      const slow = wrapApolloGateway(shop().supergraphSdl, (executor) => async (request) => {
        started += 1;
        await released;
        return executor(request);
      });
      const { ask, settled, gateway } = await start({ gateway: slow, maxInFlight: 2 });
      for (let times = 0; times < 5; times += 1) await ask(reviewed);
      await until(() => started === 2);
      expect(gateway.comparisonStatistics).toMatchObject({ sampled: 5, dropped: 3, equal: 0 });
      release();
      expect(await settled()).toMatchObject({ equal: 2, dropped: 3 });
      await ask(reviewed);
      expect(await settled()).toMatchObject({ sampled: 6, equal: 3 });
      expect(started).toBe(3);
    });

    it('is refused with invalid settings', () => {
      const gateway = createApolloGateway(shop().supergraphSdl);
      const create = (compareWith: unknown) => () =>
        new SupergraphGateway({ supergraphSdl: '', compareWith: compareWith as never });
      for (const [settings, message] of [
        [
          { gateway, sampleRate: 1.5 },
          'compareWith.sampleRate to be a number from 0 to 1; got 1.5',
        ],
        [{ gateway, sampleRate: Number.NaN }, 'sampleRate'],
        [{ gateway, maxInFlight: 0 }, 'maxInFlight'],
        [{ gateway, timeoutMs: '5s' }, 'timeoutMs'],
        [{ gateway: undefined }, 'to be a gateway or to have one as "gateway"'],
        [{ sampleRate: 1 }, 'to be a gateway or to have one as "gateway"'],
      ] as const) {
        expect(create(settings)).toThrow(message);
      }
    });
  });

  it('works as shown in docs/gateway.md', async () => {
    const section = (await readFile('docs/gateway.md', 'utf8')).split(
      '## Coming from ApolloGateway',
    )[1];
    const example = /```ts\n(.*?)```/s.exec(section ?? '')?.[1] ?? '';
    const code = example.replaceAll(/^import .*\n/gm, '');
    const kinds: unknown[] = [];
    const names = {
      ApolloServer,
      SupergraphGateway,
      ApolloGateway: function create() {
        return createApolloGateway(shop().supergraphSdl, {
          honorSubgraphCacheControlHeader: false,
        });
      },
      supergraphSdl: shop().supergraphSdl,
      counter: { inc: (labels: unknown) => kinds.push(labels) },
    };
    // The example samples randomly; here every query is sampled.
    const spies = [jest.spyOn(Math, 'random').mockReturnValue(0)];
    for (const method of ['info', 'warn'] as const) {
      spies.push(jest.spyOn(console, method).mockReturnValue() as never);
    }
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is the code of our own documentation
    const run = new Function(...Object.keys(names), `${code}; return { server, gateway };`) as (
      ...values: unknown[]
    ) => { server: ApolloServer; gateway: SupergraphGateway };
    const { server, gateway } = run(...Object.values(names));
    await server.start();
    await until(async () => {
      await server.executeOperation({ query: '{ product { name } }' });
      return kinds.length > 0;
    });
    await server.stop();
    for (const spy of spies) spy.mockRestore();
    expect(kinds[0]).toEqual({ kind: 'cachePolicy' });
    expect(gateway.comparisonStatistics?.different).toBeGreaterThan(0);
  });
});
