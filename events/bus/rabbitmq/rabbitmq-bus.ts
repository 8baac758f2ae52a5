import { setTimeout as pause } from 'node:timers/promises';
import { type Channel, Connection, ConsumerStatus, type SyncMessage } from 'rabbitmq-client';
import { messageOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import {
  type Bus,
  BusUnavailableError,
  type ConsumerLag,
  type Delivery,
  type DeliveryHandler,
  type OutgoingEvent,
  type Subscription,
} from '../bus.ts';
import { createConfirmedPublisher } from './confirmed-publisher.ts';
import { deadLetterOf, deliveryOf, envelopeOf } from './message.ts';
import { declareExchanges, declareQueues, namesFor } from './topology.ts';

/** The options of a RabbitMQ bus. */
export interface RabbitMqBusOptions {
  readonly url: string;
  /** The prefix of the exchange and the queues. */
  readonly prefix: string;
  /** The most deliveries of a consumer in progress. */
  readonly prefetch: number;
  /** The available retry delays: each has a queue. */
  readonly delaysMs: readonly number[];
  readonly publishTimeoutMs: number;
  /** The maximum length of a queue; beyond it publishing is refused and events stay in the outbox. */
  readonly maxLength?: number;
  readonly log: Logger;
}

const defaultMaxLength = 1_000_000;

/**
 * A full queue refuses an event and may take the next one. So events of a key are published together only as long as no
 * queue can become full: as many as this share of the room that there was in each, then the room is looked at again. Other
 * relays publish meanwhile, so it is small, and known for a second only.
 */
const shareOfRoom = 0.05;
const roomKnownMs = 1_000;

/** The timeout for opening a connection or a channel. */
const connectTimeoutMs = 5_000;

/** The first and the longest delay before reconnecting. */
const reconnectMs = [200, 5_000] as const;

/** The heartbeat interval: after two without traffic the connection is broken. */
const heartbeatSeconds = 10;

/** The delay before a delivery whose handler rejected returns to the queue. */
const afterRejectionMs = 1_000;

/** The most dead letters searched for one. */
const maxSearched = 10_000;

/**
 * A bus on RabbitMQ. It reconnects automatically; without a connection, publishing fails immediately. An event whose
 * type no consumer receives is dropped; a missing queue is an error.
 */
export function createRabbitMqBus(options: RabbitMqBusOptions): Bus {
  const { url, prefix, prefetch, delaysMs, publishTimeoutMs, log } = options;
  const { maxLength = defaultMaxLength } = options;
  const names = namesFor(prefix);
  const declared = new Map<string, Subscription>();
  const connection = new Connection({
    url,
    connectionName: `${prefix} events`,
    acquireTimeout: connectTimeoutMs,
    connectionTimeout: connectTimeoutMs,
    retryLow: reconnectMs[0],
    retryHigh: reconnectMs[1],
    heartbeat: heartbeatSeconds,
  });
  let isLost = false;
  connection.on('error', (error: unknown) => {
    if (!isLost) log.warn({ err: error }, 'RabbitMQ cannot be reached');
    isLost = true;
  });
  connection.on('connection', () => {
    if (isLost) log.info('RabbitMQ is reached again');
    isLost = false;
  });
  const publisher = createConfirmedPublisher(connection);

  const onChannel = async <T>(work: (channel: Channel) => Promise<T>): Promise<T> => {
    let channel: Channel;
    try {
      channel = await connection.acquire();
    } catch (error) {
      throw new BusUnavailableError(`RabbitMQ cannot be reached: ${messageOf(error)}`, {
        cause: error,
      });
    }
    // The pending call rejects with the same error.
    channel.on('error', () => undefined);
    try {
      return await work(channel);
    } finally {
      await channel.close().catch(() => undefined);
    }
  };

  /** Gives false when no queue took it that should have. */
  const publishEvent = ({ id, type, key, text }: OutgoingEvent, timeoutMs: number) => {
    const to = { exchange: names.exchange, routingKey: type };
    const isWanted = [...declared.values()].some(({ types }) => types.includes(type));
    const envelope = { ...envelopeOf({ id, key, failures: 0 }, to), mandatory: isWanted };
    return publisher.publish({ envelope, text }, timeoutMs);
  };

  /** Begun in one turn, they are on one channel: when it breaks, none has arrived after one that has not. */
  const publishAll = async (events: readonly OutgoingEvent[], timeoutMs: number): Promise<void> => {
    const taken = await Promise.all(events.map((event) => publishEvent(event, timeoutMs)));
    const lost = events.find((_event, index) => taken[index] === false);
    if (!lost) return;
    await declareAll([...declared.values()]);
    throw new BusUnavailableError(`No queue took ${lost.type}; its queues are declared again.`);
  };

  const toQueue = async (
    queue: string,
    delivery: Delivery,
    died?: Parameters<typeof envelopeOf>[2],
  ): Promise<void> => {
    const envelope = envelopeOf(delivery, { routingKey: queue }, died);
    const isTaken = await publisher.publish({ envelope, text: delivery.text }, publishTimeoutMs);
    if (!isTaken) throw new BusUnavailableError(`There is no queue ${queue}.`);
  };

  const declareAll = (subscriptions: readonly Subscription[]): Promise<void> =>
    onChannel(async (channel) => {
      await declareExchanges(channel, names);
      for (const each of subscriptions) {
        await declareQueues(channel, names, each, { delaysMs, maxLength });
      }
    });

  /** The room in the fullest queue. A queue that cannot be looked at may have vanished: then there is none. */
  const readRoom = (): Promise<number> =>
    onChannel(async (channel) => {
      let longest = 0;
      for (const consumer of declared.keys()) {
        const queue = names.workQueue(consumer);
        const { messageCount } = await channel.queueDeclare({ queue, passive: true });
        longest = Math.max(longest, messageCount);
      }
      return maxLength - longest;
    }).catch(() => 0);
  const hasRoom = createAllowance(roomKnownMs, async () => shareOfRoom * (await readRoom()));

  const redeliver = (consumer: string, delivery: Delivery, delayMs: number): Promise<void> =>
    toQueue(names.retryQueue(consumer, nearestDelay(delaysMs, delayMs)), delivery);

  const bury = (consumer: string, delivery: Delivery, reason: string): Promise<void> =>
    toQueue(names.deadQueue(consumer), delivery, { reason, at: new Date() });

  /** Unacknowledged messages return to their place when the channel is closed. */
  const takeDead = (consumer: string, id: string, act: (message: SyncMessage) => Promise<void>) =>
    onChannel(async (channel) => {
      for (let count = 0; count < maxSearched; count += 1) {
        const message = await channel.basicGet({ queue: names.deadQueue(consumer) });
        if (!message) return false;
        if (message.messageId !== id) continue;
        await act(message);
        channel.basicAck({ deliveryTag: message.deliveryTag });
        return true;
      }
      return false;
    });

  return {
    name: 'rabbitmq',
    isTransactional: false,
    async declare(subscriptions) {
      await declareAll(subscriptions);
      for (const each of subscriptions) declared.set(each.consumer, each);
    },
    async publish(events, { timeoutMs }) {
      const waves = (await hasRoom(events.length)) ? [events] : wavesOf(events);
      for (const wave of waves) await publishAll(wave, timeoutMs);
    },
    consume({ consumer }, handle) {
      const served = connection.createConsumer(
        {
          queue: names.workQueue(consumer),
          queueOptions: { passive: true },
          qos: { prefetchCount: prefetch },
          concurrency: prefetch,
        },
        async (message) => {
          const delivery = deliveryOf(message);
          try {
            await settle(consumer, delivery, handle);
            return ConsumerStatus.ACK;
          } catch (error) {
            log.warn(
              { err: error, consumer, event: delivery.id },
              'a delivery could not be dealt with',
            );
            await pause(afterRejectionMs);
            return ConsumerStatus.REQUEUE;
          }
        },
      );
      served.on('error', (error: unknown) => {
        log.warn({ err: error, consumer }, 'a consumer of RabbitMQ broke; it begins again');
      });
      return Promise.resolve({ stop: () => served.close() });
    },
    redeliver,
    bury,
    deadLetters: (consumer, limit) =>
      onChannel(async (channel) => {
        const letters = [];
        while (letters.length < limit) {
          const message = await channel.basicGet({ queue: names.deadQueue(consumer) });
          if (!message) break;
          letters.push(deadLetterOf(consumer, message));
        }
        return letters;
      }),
    replay: (consumer, id) =>
      takeDead(consumer, id, (message) =>
        toQueue(names.workQueue(consumer), { ...deliveryOf(message), failures: 0 }),
      ),
    drop: (consumer, id) => takeDead(consumer, id, () => Promise.resolve()),
    lag: (consumers) =>
      onChannel(async (channel) => {
        const count = async (queue: string): Promise<number> =>
          (await channel.queueDeclare({ queue, passive: true })).messageCount;
        const all: ConsumerLag[] = [];
        for (const consumer of consumers) {
          let delayed = 0;
          for (const delayMs of delaysMs) {
            delayed += await count(names.retryQueue(consumer, delayMs));
          }
          all.push({
            consumer,
            waiting: await count(names.workQueue(consumer)),
            delayed,
            dead: await count(names.deadQueue(consumer)),
          });
        }
        return all;
      }),
    async close() {
      await publisher.close();
      await connection.close();
    },
  };

  async function settle(
    consumer: string,
    delivery: Delivery,
    handle: DeliveryHandler,
  ): Promise<void> {
    const outcome = await handle(delivery);
    const failed = { ...delivery, failures: delivery.failures + 1 };
    switch (outcome.kind) {
      case 'done':
        return;
      case 'retry':
        await redeliver(consumer, failed, outcome.delayMs);
        return;
      case 'dead':
        await bury(consumer, failed, outcome.reason);
    }
  }
}

/** One event per key at a time, so that the next one follows only after its confirmation. */
function wavesOf(events: readonly OutgoingEvent[]): readonly (readonly OutgoingEvent[])[] {
  const waves: OutgoingEvent[][] = [];
  const sizes = new Map<string, number>();
  for (const event of events) {
    const place = sizes.get(event.key) ?? 0;
    sizes.set(event.key, place + 1);
    (waves[place] ??= []).push(event);
  }
  return waves;
}

/** Takes from an allowance; false when less than that is left. How much there is, is asked again after `knownMs`. */
function createAllowance(
  knownMs: number,
  ask: () => Promise<number>,
): (count: number) => Promise<boolean> {
  let left: Promise<{ count: number }> | undefined;
  let askedAt = 0;
  const askAgain = (): Promise<{ count: number }> => {
    askedAt = performance.now();
    return ask().then((count) => ({ count }));
  };
  return async (wanted) => {
    if (!left || performance.now() - askedAt > knownMs) left = askAgain();
    const now = await left;
    if (now.count < wanted) return false;
    now.count -= wanted;
    return true;
  };
}

/** The shortest sufficient delay, or the longest available. */
function nearestDelay(delaysMs: readonly number[], delayMs: number): number {
  const sorted = [...delaysMs].sort((one, other) => one - other);
  return sorted.find((each) => each >= delayMs) ?? sorted.at(-1) ?? 0;
}
