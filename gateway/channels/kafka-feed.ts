import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Admin, type Consumer, type EachBatchPayload, Kafka, logLevel } from 'kafkajs';
import { messageOf } from '../../common/errors.ts';
import type { EventFeed, FeedSink } from '../../common/event-feed.ts';
import type { Logger } from '../../common/logger.ts';
import { within } from '../../common/within.ts';
import { pingMs, reconnectMaxMs } from './broker.ts';

/** What is heard of a Kafka. */
export interface KafkaFeedOptions {
  /** `host:port` of some of the brokers; they name the others. */
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  readonly log: Logger;
}

const connectTimeoutMs = 3_000;
const requestTimeoutMs = 5_000;

/** The deadline until the topics are read. */
const joinMs = 30_000;

/** The deadline for leaving, after which the brokers notice by themselves. */
const leaveMs = 2_000;

/** How often a broker answers at least that there is nothing. */
const fetchMs = 500;

/** What is fetched at once, in all and of one partition. */
const fetchLimits = { maxBytes: 4 * 1024 * 1024, maxBytesPerPartition: 512 * 1024 };

/** The first pause before another try. */
const reconnectMinMs = 200;

/**
 * Hears the events of topics. kafkajs reads in groups only, so each time it is one of its own: it commits nothing, and Kafka forgets
 * it when it is left. While brokers or topics are away, they are looked for again and again.
 */
export function hearKafka(options: KafkaFeedOptions, sink: FeedSink): EventFeed {
  const { brokers, topics, log } = options;
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId: 'gateway-channels',
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { retries: 2, initialRetryTime: reconnectMinMs, maxRetryTime: reconnectMaxMs },
    // What matters of what it says is said here.
    logLevel: logLevel.NOTHING,
  });
  const closing = new AbortController();
  const { signal } = closing;
  const isClosing = (): boolean => signal.aborted;

  const run = async (): Promise<void> => {
    let pauseMs = reconnectMinMs;
    let isTold = false;
    while (!isClosing()) {
      const reason = await readTopics(kafka, topics, signal, {
        live: () => {
          isTold = false;
          pauseMs = reconnectMinMs;
          sink.live();
        },
        event: (text) => {
          sink.event(text);
        },
      });
      if (isClosing()) return;
      sink.lost();
      if (!isTold)
        log.warn({ reason: messageOf(reason), topics }, 'events of Kafka cannot be heard');
      isTold = true;
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, reconnectMaxMs);
    }
  };
  const running = run();
  return {
    async close() {
      closing.abort();
      // A broker that is away may be asked for something yet.
      await within(running, 2 * leaveMs, undefined);
    },
  };
}

/**
 * Reads topics from their present end. Resolves with the reason when that has failed, and when it is to end. A broker that is away
 * for a short time is no reason: Kafka keeps what is sent meanwhile.
 */
async function readTopics(
  kafka: Kafka,
  topics: readonly string[],
  signal: AbortSignal,
  { live, event }: Pick<FeedSink, 'live' | 'event'>,
): Promise<unknown> {
  const ended = new AbortController();
  let consumer: Consumer | undefined;
  try {
    const positions = await within(endsOf(kafka, topics), joinMs, undefined);
    if (positions === undefined) throw new Error(`no answer within ${joinMs} ms`);
    if (signal.aborted) return undefined;
    const member = (consumer = createMember(kafka));
    const failed = whenSilentOrBroken(member, AbortSignal.any([signal, ended.signal]));
    const joined = new Promise<'joined'>((resolve) => {
      member.on(member.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
        // Before anything is fetched, and again whenever the group begins again. A partition that is new is read from its beginning.
        for (const [topic, partitions] of Object.entries(memberAssignment)) {
          for (const partition of partitions) {
            const offset = positions.get(placeOf(topic, partition)) ?? '0';
            member.seek({ topic, partition, offset });
          }
        }
        resolve('joined');
      });
    });
    await member.connect();
    await member.subscribe({ topics: [...topics] });
    const running = member.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: ({ batch }: EachBatchPayload) => {
        for (const { value } of batch.messages) {
          if (!ended.signal.aborted && value !== null) event(value.toString('utf8'));
        }
        const next = BigInt(batch.lastOffset()) + 1n;
        positions.set(placeOf(batch.topic, batch.partition), String(next));
        return Promise.resolve();
      },
    });
    const started = await within<unknown>(
      Promise.race([joined, failed, running.then(() => joined)]),
      joinMs,
      new Error(`the topics could not be read within ${joinMs} ms`),
    );
    if (started !== 'joined') return started;
    live();
    return await failed;
  } catch (error) {
    return error;
  } finally {
    ended.abort();
    const leaving = consumer?.disconnect().catch(() => undefined);
    // After a failure the next one need not wait for it.
    if (leaving && signal.aborted) await within(leaving, leaveMs, undefined);
  }
}

function createMember(kafka: Kafka): Consumer {
  return kafka.consumer({
    ...fetchLimits,
    maxWaitTimeInMs: fetchMs,
    groupId: `gateway-channels-${randomUUID()}`,
    allowAutoTopicCreation: false,
    sessionTimeout: 10_000,
    rebalanceTimeout: 10_000,
    // A member that breaks is replaced by us, whatever the reason.
    retry: { retries: 5, restartOnFailure: () => Promise.resolve(false) },
  });
}

/** Resolves with the reason when a member has broken, or gets no answers any more; without one when the signal says so. */
function whenSilentOrBroken(member: Consumer, signal: AbortSignal): Promise<Error | undefined> {
  return new Promise((resolve) => {
    let seconds = 0;
    let isReading = false;
    const silent = new Error(`Kafka has not answered for ${pingMs} ms`);
    // Seconds are counted, not measured: a process that was stopped has not waited.
    const watching = setInterval(() => {
      seconds += 1;
      if (isReading && seconds * 1_000 > pingMs) end(silent);
    }, 1_000);
    const end = (reason?: Error): void => {
      clearInterval(watching);
      resolve(reason);
    };
    member.on(member.events.FETCH, () => {
      isReading = true;
      seconds = 0;
    });
    member.on(member.events.CRASH, ({ payload }) => {
      end(payload.error);
    });
    if (signal.aborted) end();
    signal.addEventListener('abort', () => {
      end();
    });
  });
}

/** The ends of all partitions. Rejects when a topic is missing. */
async function endsOf(kafka: Kafka, topics: readonly string[]): Promise<Map<string, string>> {
  const admin: Admin = kafka.admin();
  const ends = new Map<string, string>();
  try {
    await admin.connect();
    for (const topic of topics) {
      for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
        ends.set(placeOf(topic, partition), high);
      }
    }
    return ends;
  } finally {
    void admin.disconnect().catch(() => undefined);
  }
}

function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
