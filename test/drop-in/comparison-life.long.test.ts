import { setTimeout as sleep } from 'node:timers/promises';
import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext } from '@apollo/server';
import type { GatewayCachePolicy } from '@apollo/server-gateway-interface';
import { describe, expect, it } from '@jest/globals';
import { SupergraphGateway } from '../../engine/index.ts';
import { until } from '../support/until.ts';
import {
  createApolloGateway,
  gate,
  methodsOf,
  useComparedShop,
  wrapApolloGateway,
} from './compared-servers.ts';
import { quiet } from './gateways.ts';

const reviewed = 'query Reviewed { product { name reviews { stars } } }';

describe('drop-in: the life of a comparison', () => {
  const { shop, servers, start, theirRequests } = useComparedShop();

  describe('the client', () => {
    /** Delays responses at the last moment that a plugin can. */
    const holding = (released: Promise<void>, isHeld: () => boolean): ApolloServerPlugin => ({
      requestDidStart: async () => ({
        willSendResponse: async () => {
          if (isHeld()) await released;
        },
      }),
    });

    it('has its response before the other gateway calls a subgraph', async () => {
      const events: string[] = [];
      const { promise: released, release } = gate();
      const gateway = createApolloGateway(shop().supergraphSdl, {
        willSendRequest: () => void events.push('asked'),
      });
      const { ask, settled } = await start(gateway, {
        plugins: [holding(released, () => true)],
        onSent: () => events.push('sent'),
      });
      const answer = ask(reviewed);
      // Long enough for a comparison that does not wait.
      await sleep(500);
      expect(events).toEqual([]);
      release();
      await answer;
      expect(await settled()).toMatchObject({ equal: 1 });
      expect(events).toEqual(['sent', 'asked', 'asked']);
    });

    it('has the whole batch before one of its operations is compared', async () => {
      const events: string[] = [];
      const { promise: released, release } = gate();
      let responses = 0;
      const gateway = createApolloGateway(shop().supergraphSdl, {
        willSendRequest: () => void events.push('asked'),
      });
      const { post, settled } = await start(gateway, {
        plugins: [holding(released, () => (responses += 1) === 2)],
        onSent: () => events.push('sent'),
      });
      const query = '{ product { name } }';
      const answer = post([{ query }, { query }]);
      await until(() => responses === 2);
      await sleep(300);
      expect(events).toEqual([]);
      release();
      await answer;
      expect(await settled()).toMatchObject({ equal: 2 });
      expect(events).toEqual(['sent', 'asked', 'asked']);
    });

    it('is not waited for beyond the timeout of a comparison', async () => {
      const { promise: released, release } = gate();
      const { ask, settled } = await start(
        { gateway: createApolloGateway(shop().supergraphSdl), timeoutMs: 100 },
        { plugins: [holding(released, () => true)] },
      );
      const before = theirRequests();
      const answer = ask(reviewed);
      await until(() => (servers.at(-1)?.gateway.comparisonStatistics?.dropped ?? 0) > 0);
      release();
      await answer;
      expect(await settled()).toMatchObject({ sampled: 1, dropped: 1 });
      expect(theirRequests()).toBe(before);
    });

    it('has a response and a request that the other gateway cannot modify', async () => {
      const kept: GraphQLRequestContext<BaseContext>[] = [];
      const { ask, settled } = await start(
        wrapApolloGateway(shop().supergraphSdl, (executor) => async (request) => {
          const result = await executor(request);
          request.response?.http?.headers.set('x-theirs', 'yes');
          (request.overallCachePolicy as GatewayCachePolicy).restrict({ maxAge: 1 });
          request.metrics.captureTraces = true;
          request.request.variables = {};
          return result;
        }),
        {
          plugins: [{ requestDidStart: async (context) => void kept.push(context) }],
        },
      );
      const query = 'query ($id: ID!) { product(id: $id) { name } }';
      await ask(query, { id: '3' });
      // A change to the policy by the other gateway is only a difference in the policy.
      expect(await settled()).toMatchObject({ different: 1 });
      const [{ request, response, metrics, overallCachePolicy }] = kept as [(typeof kept)[0]];
      expect(request.variables).toEqual({ id: '3' });
      expect([...response.http.headers]).not.toContainEqual(['x-theirs', 'yes']);
      expect(metrics.captureTraces).not.toBe(true);
      expect(overallCachePolicy.maxAge).toBe(60);
    });
  });

  describe('the other gateway', () => {
    it.each([
      [
        'throws',
        () => {
          throw new Error('Broken.');
        },
        'Broken.',
      ],
      ['rejects', () => Promise.reject(new Error('Broken.')), 'Broken.'],
      ['hangs', () => new Promise<never>(() => undefined), 'no answer within 1000 ms'],
    ])('may be one that %s: a difference like others', async (_what, execute, told) => {
      const { ask, settled, differences } = await start({
        gateway: wrapApolloGateway(shop().supergraphSdl, () => execute),
        timeoutMs: 1000,
      });
      expect(await ask(reviewed)).toMatchObject({ data: { product: { name: 'Product 1' } } });
      expect(await settled()).toMatchObject({ different: 1, failed: 1 });
      expect(differences).toMatchObject([{ kind: 'failure', ours: 'an answer', theirs: told }]);
    });

    it('occupies the places of comparisons until it has finished, however late', async () => {
      const { promise: released, release } = gate();
      const { ask, settled } = await start({
        gateway: wrapApolloGateway(shop().supergraphSdl, (executor) => async (request) => {
          await released;
          return executor(request);
        }),
        timeoutMs: 1000,
        maxInFlight: 1,
      });
      await ask(reviewed);
      expect(await settled()).toMatchObject({ failed: 1 });
      await ask(reviewed);
      expect(await settled()).toMatchObject({ sampled: 2, dropped: 1 });
      release();
      await until(async () => {
        await ask(reviewed);
        return (await settled()).equal > 0;
      });
    });

    it('is equal when both fail to answer', async () => {
      const { ask, settled } = await start(
        {
          gateway: wrapApolloGateway(
            shop().supergraphSdl,
            () => () => Promise.reject(new Error('Broken.')),
          ),
        },
        {
          requestContext: () => {
            throw new Error('Broken, too.');
          },
        },
      );
      expect(await ask(reviewed)).toMatchObject({ errors: [{}] });
      expect(await settled()).toMatchObject({ equal: 1 });
    });

    it('may fail to start: the log says so once, and nothing is compared', async () => {
      const { ask, log, settled } = await start(createApolloGateway('type Query { broken'));
      expect(await ask(reviewed)).toMatchObject({ data: { product: { name: 'Product 1' } } });
      expect(await settled()).toMatchObject({ sampled: 0 });
      expect(log).toEqual([
        expect.stringMatching(/^Nothing is compared: the gateway to compare with did not start: /),
      ]);
    });

    it('is not started when ours cannot start', async () => {
      let loads = 0;
      const other = createApolloGateway(shop().supergraphSdl);
      const gateway = new SupergraphGateway({
        supergraphSdl: 'type Query { broken',
        logger: quiet,
        compareWith: {
          ...methodsOf(other),
          load: (options) => {
            loads += 1;
            return other.load(options);
          },
        },
      });
      await expect(gateway.load()).rejects.toThrow();
      await gateway.stop();
      expect(loads).toBe(0);
    });

    it("receives Apollo Server's configuration, like a regular gateway", async () => {
      let told: unknown;
      const other = createApolloGateway(shop().supergraphSdl);
      await start({
        ...methodsOf(other),
        load: (options) => {
          told = options;
          return other.load(options);
        },
      });
      expect(told).toMatchObject({ apollo: {} });
    });
  });

  describe('a stop', () => {
    it('finishes comparisons, and then stops the other gateway', async () => {
      const events: string[] = [];
      const { promise: released, release } = gate();
      const other = wrapApolloGateway(shop().supergraphSdl, (executor) => async (request) => {
        events.push('asked');
        await released;
        const result = await executor(request);
        events.push('answered');
        return result;
      });
      const { ask, gateway, differences } = await start({
        ...methodsOf(other),
        stop: async () => {
          await other.stop();
          events.push('stopped');
        },
      });
      await ask(reviewed);
      await until(() => events.length > 0);
      const stopped = servers.splice(0)[0]?.stop();
      release();
      await stopped;
      expect(events).toEqual(['asked', 'answered', 'stopped']);
      expect(differences).toEqual([]);
      expect(gateway.comparisonStatistics).toMatchObject({ equal: 1, dropped: 0 });
    });

    it('ends although the other gateway neither answers nor stops', async () => {
      let asked = 0;
      const never = () => new Promise<never>(() => undefined);
      const other = wrapApolloGateway(shop().supergraphSdl, () => () => {
        asked += 1;
        return never();
      });
      const { ask, gateway, log } = await start({
        gateway: { ...methodsOf(other), stop: never },
        timeoutMs: 600_000,
      });
      await ask(reviewed);
      await until(() => asked === 1);
      await servers.splice(0)[0]?.stop();
      await other.stop();
      expect(gateway.comparisonStatistics).toMatchObject({ sampled: 1, dropped: 1 });
      expect(log.at(-1)).toBe('The gateway to compare with has not stopped within 2500 ms.');
    });

    it('ends waiting for clients, and is not ended by a stop of the other gateway that fails', async () => {
      const other = createApolloGateway(shop().supergraphSdl);
      const { promise: released, release } = gate();
      const { ask, gateway, log } = await start(
        {
          ...methodsOf(other),
          stop: async () => {
            await other.stop();
            throw new Error('Broken.');
          },
        },
        {
          plugins: [{ requestDidStart: async () => ({ willSendResponse: () => released }) }],
        },
      );
      const answer = ask(reviewed);
      await until(() => gateway.comparisonStatistics?.sampled === 1);
      await gateway.stop();
      release();
      await answer;
      expect(gateway.comparisonStatistics).toMatchObject({ sampled: 1, dropped: 1 });
      expect(log.at(-1)).toBe('Stopping the gateway to compare with failed: Broken.');
    });
  });
});
