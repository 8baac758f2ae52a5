import { createHash, randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { createLogger } from '../../common/logger.ts';
import { createRabbitMqBus } from '../../events/bus/rabbitmq/rabbitmq-bus.ts';
import { askGateway } from '../support/ask-gateway.ts';
import { patientSettings } from '../support/patient-settings.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { ownPrefix, removeQueues, shopConsumers } from '../support/rabbitmq.ts';
import {
  insertCustomers,
  insertProducts,
  openShopDatabase,
  type ShopDatabase,
} from '../support/shop-database.ts';
import { prepareShop, type ShopProcesses } from '../support/shop-processes.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { type Deliveries, receiveDeliveries } from './deliveries.ts';
import { createGate, type Gate } from './gate.ts';
import type { AskAs } from './wishes.ts';

/** A shop in processes of its own, and all that can be done to it. */
export interface ChaosShop {
  readonly processes: ShopProcesses;
  /** Between the shop and its broker, if it has one. */
  readonly broker: TcpProxy | undefined;
  readonly gate: Gate;
  readonly deliveries: Deliveries;
  readonly consumers: readonly string[];
  readonly customers: readonly string[];
  /** Pieces of each product at the beginning. */
  readonly initial: ReadonlyMap<string, number>;
  readonly ask: AskAs;
  /** The database of the shop, seen from outside. */
  readonly database: ShopDatabase;
  /** The ids of the dead letters of a consumer, as its bus has them. */
  deadLettersOf(consumer: string): Promise<ReadonlySet<string>>;
  /** Writes something into the outbox that is not an event; gives its id. */
  poison(key: string): Promise<string>;
  stop(): Promise<void>;
}

/** What a shop is to be made of. */
export interface ChaosShopOptions {
  readonly programs: string;
  readonly databaseServer: string;
  readonly amqpUrl?: string | undefined;
  readonly customers: number;
}

const retryDelaysMs = [200, 1_000];

/** Starts a shop whose messages to customers and other systems end here. */
export async function startChaosShop(options: ChaosShopOptions): Promise<ChaosShop> {
  const { programs, databaseServer, amqpUrl } = options;
  const own = await createTestDatabase(databaseServer);
  const broker = amqpUrl === undefined ? undefined : await startTcpProxy(portOf(amqpUrl));
  const deliveries = await receiveDeliveries();
  const prefix = ownPrefix();
  const consumers = ['email', 'sms', 'push', `webhook-${hashOf(deliveries.webhookUrl)}`].map(
    (channel) => `notifications-${channel}`,
  );
  const processes = await prepareShop({
    programs,
    onLine: deliveries.logged,
    databaseUrl: own.url,
    amqpUrl: broker && amqpUrl && throughProxy(amqpUrl, broker.port),
    settings: {
      ...patientSettings,
      server: { ...patientSettings.server, drainDelayMs: 0 },
      events: {
        prefix,
        pollMs: 100,
        publishMaxBackoffMs: 1_000,
        messageTimeoutMs: 5_000,
        retryDelaysMs,
        // Each round waits for rest: an order causes several events, one after the other.
        giveWayMs: 2_000,
      },
      // Later than most customers call their orders off.
      fulfilment: { shipAfterMs: 5_000 },
      notifications: {
        smtpUrl: deliveries.smtpUrl,
        webhookUrls: [deliveries.webhookUrl],
        webhookSecrets: [`whsec_${Buffer.alloc(32, 7).toString('base64')}`],
        webhookPrivateNetworks: ['127.0.0.0/8'],
      },
    },
  });
  for (const name of processes.names) await processes.start(name);

  const database = await openShopDatabase({ databaseUrl: own.url, dataDir: processes.dataDir });
  // The last one runs out now and then.
  const stocks = [...Array<number>(19).fill(1_000_000), 500];
  const initial = new Map<string, number>();
  const ids = await insertProducts(database, stocks);
  for (const [index, id] of ids.entries()) initial.set(id, stocks[index] ?? 0);
  const customers = await insertCustomers(database, options.customers);
  const gate = await createGate(own.url);
  const gateway = new Pool(processes.gatewayUrl, { connections: options.customers });
  return {
    ...{ processes, broker, gate, deliveries, consumers, customers, initial, database },
    ask: async <T>(userId: string, query: string, variables: object) => {
      const token = processes.tokenFor(userId);
      const { data, errors } = await askGateway<T>(gateway, { query, variables }, token);
      if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors ?? data));
      return data;
    },
    async deadLettersOf(consumer) {
      if (amqpUrl === undefined) {
        const rows = await database.query<{ id: string }>(
          `select event_id as id from events.messages where consumer = $1 and state = 'dead'`,
          [consumer],
        );
        return new Set(rows.map(({ id }) => id));
      }
      const bus = createRabbitMqBus({
        ...{ url: amqpUrl, prefix, prefetch: 1, delaysMs: retryDelaysMs },
        publishTimeoutMs: 5_000,
        log: createLogger('chaos', 'silent'),
      });
      try {
        return new Set((await bus.deadLetters(consumer, 10_000)).map(({ id }) => id));
      } finally {
        await bus.close();
      }
    },
    async poison(key) {
      const id = randomUUID();
      await database.query(
        `insert into orders.outbox (event_id, type, key, partition, event)
          values ($1, 'shop.order.cancelled.v1', $2, 0, 'not an event')`,
        [id, key],
      );
      return id;
    },
    async stop() {
      await gateway.destroy();
      await gate.close();
      await database.close();
      await processes.stop();
      await broker?.stop();
      await deliveries.stop();
      await own.drop();
      if (amqpUrl !== undefined) {
        const declared = [...new Set([...shopConsumers, ...consumers])];
        await removeQueues(amqpUrl, prefix, declared, retryDelaysMs);
      }
    },
  };
}

function portOf(url: string): { readonly port: number } {
  return { port: Number(new URL(url).port || 5672) };
}

function throughProxy(url: string, port: number): string {
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return through.toString();
}

/** As the channel of webhooks names itself. */
function hashOf(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 12);
}
