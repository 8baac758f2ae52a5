import { afterEach, describe, expect, it } from '@jest/globals';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';
import { until } from '../support/until.ts';
import { type ChannelGraph, startChannelGraph } from './channel-graph.ts';
import { type OpenStream, openStream } from './read-events.ts';

/** A broker of a test's own. */
export interface Broker {
  /** Of subscriptions: how the gateway has events from it. */
  readonly settings: GatewaySettings['subscriptions'];
  /** Says by another connection that an order has changed. */
  tell(orderId: string): Promise<void>;
  /** Sends what cannot be read. */
  garble(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Ends what the test has started. */
  stop(): Promise<void>;
}

/**
 * Tests a gateway on a broker, which is skipped for a reason if there is one. What cannot be read is an error for those who read its
 * channel; on a bus it has none.
 */
export function describeBroker(
  name: string,
  startBroker: () => Promise<Broker>,
  { missing, isBus = false }: { readonly missing: string | undefined; readonly isBus?: boolean },
): void {
  const title = missing === undefined ? name : `${name}: skipped, ${missing}`;
  describe(`streams: events from ${title}`, () => {
    const key = createSigningKey('one');
    let broker: Broker | undefined;
    let graph: ChannelGraph | undefined;
    let keys: KeyServer | undefined;
    let gateway: TestGateway | undefined;
    afterEach(async () => {
      await gateway?.stop();
      await graph?.stop();
      await keys?.stop();
      await broker?.stop();
      gateway = graph = keys = broker = undefined;
    });
    const start = async (channelsReconnectMs = 30_000) => {
      const started = (broker = await startBroker());
      graph = await startChannelGraph();
      graph.orders.set('1', { owner: 'ann', status: 'NEW' });
      keys = await startKeyServer([key]);
      gateway = await startTestGateway(graph, {
        jwksUrl: keys.jwksUrl,
        settings: {
          subscriptions: { ...started.settings, channelsReconnectMs, heartbeatMs: 100 },
        },
      });
      await isConnected();
      return { broker: started, graph, gateway };
    };
    const isConnected = (times = 1): Promise<void> =>
      until(
        () =>
          gateway?.log.filter(({ msg }) => msg === 'connected to the broker of events').length ===
          times,
      );
    const open = (query: string, viewer = 'ann'): Promise<OpenStream> => {
      const token = createAccessToken(key, Date.now(), { claims: { sub: viewer } });
      return openStream(gateway?.url ?? '', query, {
        headers: { authorization: `Bearer ${token}` },
      });
    };
    const statuses = ({ events }: OpenStream): unknown[] =>
      events.map(
        ({ data }) =>
          (data as { data: { orderNow: { status: string } | null } }).data.orderNow?.status,
      );
    const failure = [
      { name: 'next', data: { errors: [{ extensions: { code: 'SUBGRAPH_ERROR' } }] } },
      { name: 'complete', data: undefined },
    ];
    const withBroker = missing === undefined ? it : it.skip;

    withBroker('reach the owner of the order, and no other viewer', async () => {
      const {
        broker: own,
        graph: { orders },
      } = await start();
      const ann = await open('subscription { orderNow(id: "1") { id status } }');
      const bob = await open('subscription { orderNow(id: "1") { id status } }', 'bob');
      await until(() => ann.events.length === 1);
      orders.set('1', { owner: 'ann', status: 'PAID' });
      await own.tell('1');
      await until(() => ann.events.length === 2);
      await own.garble();
      if (isBus) {
        // It names no channel: the log has it.
        await until(() => JSON.stringify(gateway?.log).includes('It is not JSON.'));
      } else {
        await until(() => ann.events.length === 3);
        expect(ann.events.pop()?.data).toMatchObject({
          errors: [{ extensions: { code: 'SUBGRAPH_ERROR' } }],
        });
      }
      orders.set('1', { owner: 'ann', status: 'SHIPPED' });
      await own.tell('2');
      await own.tell('1');
      await until(() => ann.events.length === 3);
      expect(statuses(ann)).toEqual(['NEW', 'PAID', 'SHIPPED']);
      expect(JSON.stringify(bob.events)).not.toMatch(/PAID|SHIPPED/);
      expect(JSON.stringify(gateway?.log)).not.toContain('s3cret');
      ann.leave();
      bob.leave();
    });

    withBroker(
      'begin again with the present state after the broker was away; without it, clients are told at once',
      async () => {
        const {
          broker: own,
          graph: { orders },
        } = await start();
        const now = await open('subscription { orderNow(id: "1") { status } }');
        const changes = await open('subscription { orderChanged(id: "1") { id } }');
        await until(() => now.events.length === 1);
        await own.tell('1');
        await until(() => changes.events.length === 1 && now.events.length === 2);
        await own.kill();
        await changes.ended;
        expect(changes.events.slice(1)).toMatchObject(failure);
        orders.set('1', { owner: 'ann', status: 'SHIPPED' });
        await own.restart();
        await until(() => now.events.length === 3);
        orders.set('1', { owner: 'ann', status: 'DELIVERED' });
        await own.tell('1');
        await until(() => now.events.length === 4);
        expect(statuses(now)).toEqual(['NEW', 'NEW', 'SHIPPED', 'DELIVERED']);
        now.leave();
      },
    );

    withBroker(
      'end with an error when the broker stays away, and the gateway goes on',
      async () => {
        const {
          broker: own,
          gateway: { ask },
        } = await start(300);
        const now = await open('subscription { orderNow(id: "1") { status } }');
        await until(() => now.events.length === 1);
        await own.kill();
        await now.ended;
        expect(now.events.slice(1)).toMatchObject(failure);
        const late = await open('subscription { orderNow(id: "1") { status } }');
        await late.ended;
        expect(late.events).toMatchObject(failure);
        expect(await ask('{ product(sku: "a") { name } }')).toMatchObject({
          data: { product: { name: 'Product a' } },
        });
        await own.restart();
        await isConnected(2);
        const again = await open('subscription { orderNow(id: "1") { status } }');
        await until(() => again.events.length === 1);
        again.leave();
      },
    );
  });
}
