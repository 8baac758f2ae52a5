import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { namesFor } from '../../events/bus/rabbitmq/topology.ts';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { composedOf, composeSchemas } from '../composition/composed-folder.ts';
import { describeOnEachDatabase, openTestHome } from '../support/database.ts';
import { amqpUrl, ownPrefix, removeQueues, shopConsumers } from '../support/rabbitmq.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { until } from '../support/until.ts';
import { placeOrder } from './place-order.ts';
import { type OpenStream, openStream } from './read-events.ts';

const docs = await readFile('docs/streams.md', 'utf8');
const [, sdl = ''] = /### Events of a broker.*?```graphql\n(.*?)```/s.exec(docs) ?? [];
const [, yaml = ''] = /### Events of a bus.*?```yaml\n(.*?)```/s.exec(docs) ?? [];
const { subscriptions: documented } = parse(yaml) as {
  readonly subscriptions: GatewaySettings['subscriptions'];
};

const retryDelaysMs = [1_000];
/** The example of docs/streams.md over the events of the shop. */
function tells(open: () => Promise<{ home: DatabaseHome; settings?: GatewaySettings }>): void {
  let folder: string | undefined;
  let shop: TestStorefront | undefined;
  let supergraph: string;
  beforeAll(async () => {
    const of = (name: string) => readFile(`subgraphs/${name}/schema.graphql`, 'utf8');
    const [users, products, orders] = [await of('users'), await of('products'), await of('orders')];
    ({ supergraphSdl: supergraph } = composedOf(
      await composeSchemas({ users, products, orders, events: sdl }),
    ));
  });
  afterEach(async () => {
    await shop?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
    shop = folder = undefined;
  });

  it('an order is told to its customer until it is shipped, and to no other', async () => {
    folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
    const path = join(folder, 'supergraph.graphql');
    await writeFile(path, supergraph);
    const { home, settings } = await open();
    const started = (shop = await startTestStorefront({
      home,
      settings: {
        supergraph: { path },
        fulfilment: { shipAfterMs: 500 },
        ...settings,
        subscriptions: { ...documented, ...settings?.subscriptions, heartbeatMs: 100 },
      },
    }));
    const [john, jane] = [await started.login(accounts.john), await started.login(accounts.jane)];
    const follow = (token: string, id: string): Promise<OpenStream> =>
      openStream(
        started.gatewayUrl,
        'subscription ($id: ID!) { orderChanged(id: $id) { id status items { product { name } } } }',
        { variables: { id }, headers: { authorization: `Bearer ${token}` } },
      );
    const id = await placeOrder(started, john);
    const own = await follow(john, id);
    const other = await follow(jane, id);
    const states = (): unknown[] =>
      own.events.map(
        ({ data }) =>
          (data as { data: { orderChanged: { status: string } } }).data.orderChanged.status,
      );
    await until(() => states().includes('SHIPPED'));
    expect(states()[0]).toBe('PAID');
    expect(own.events.at(-1)?.data).toMatchObject({
      data: { orderChanged: { id, items: [{ product: { name: expect.any(String) } }] } },
    });
    // Her stream is open and goes on, and says nothing of the order.
    await until(() => other.text().includes(':\n\n'));
    expect(other.events).toEqual([]);
    own.leave();
    other.leave();
  });
}

describeOnEachDatabase('streams: the events of the shop, by the database', (open) => {
  tells(async () => ({ home: await open() }));
});

if (amqpUrl === undefined) {
  describe.skip('streams: the events of the shop, by RabbitMQ: skipped, TEST_AMQP_URL is not set', () => {
    it('are not tried', () => undefined);
  });
} else {
  describe('streams: the events of the shop, by RabbitMQ', () => {
    const prefix = ownPrefix();
    afterEach(() => removeQueues(amqpUrl ?? '', prefix, shopConsumers, retryDelaysMs));
    tells(async () => ({
      home: await openTestHome(),
      settings: {
        events: { amqpUrl, prefix, retryDelaysMs },
        subscriptions: {
          channelsUrl: amqpUrl,
          channelsTopics: [namesFor(prefix).allExchange],
        },
      },
    }));
  });
}
