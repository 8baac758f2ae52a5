import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { messageOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { within } from '../../../common/within.ts';
import type { Consuming, Delivery } from '../bus.ts';
import { deliveryFor } from './message.ts';

/** What a consumer reads, and what is done with it. */
export interface ReadOptions {
  readonly consumer: string;
  readonly types: readonly string[];
  readonly topic: string;
  /** The most deliveries in progress, in all partitions. */
  readonly prefetch: number;
  readonly createMember: () => Consumer;
  /** Resolves when the delivery needs no other attempt. */
  readonly settle: (delivery: Delivery) => Promise<void>;
  readonly log: Logger;
}

/** The delay before a delivery that could not be settled is tried again. */
const afterRejectionMs = 1_000;

/** How often positions are committed and heartbeats sent within a batch. */
const commitEveryMs = 1_000;

/** The first and the longest delay before a member that broke is replaced. */
const replaceMs = [500, 10_000] as const;

/** The deadline for leaving the group, after which the broker notices by itself. */
const leaveMs = 20_000;

/**
 * Reads the partitions that the group gives to this process, and commits a position only when everything before it is
 * settled. A member that breaks, also at a broker that is away, is replaced by a new one.
 */
export function readPartitions(options: ReadOptions): Consuming {
  const { consumer, topic, createMember, log } = options;
  const stopping = new AbortController();
  const stopped = new Promise<undefined>((resolve) => {
    stopping.signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
  const inHand = new Set<Promise<unknown>>();

  const eachBatch = (payload: EachBatchPayload): Promise<void> =>
    readBatch(options, payload, inHand, stopping.signal);

  /** Resolves with an error when the member has broken, and without one when reading was stopped. */
  const readWith = async (member: Consumer): Promise<Error | undefined> => {
    const broken = new Promise<Error>((resolve) => {
      member.on(member.events.CRASH, ({ payload }) => {
        resolve(payload.error);
      });
    });
    try {
      await member.connect();
      await member.subscribe({ topics: [topic], fromBeginning: true });
      const running = member.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: options.prefetch,
        eachBatch,
      });
      return await Promise.race([running.then(() => broken), broken, stopped]);
    } catch (error) {
      return asError(error);
    } finally {
      await within(
        member.disconnect().catch(() => undefined),
        leaveMs,
        undefined,
      );
    }
  };

  const isStopping = (): boolean => stopping.signal.aborted;

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!isStopping()) {
      const startedAt = performance.now();
      const failure = await readWith(createMember());
      if (isStopping()) break;
      failures = performance.now() - startedAt > replaceMs[1] * 2 ? 0 : failures + 1;
      log.warn({ err: failure, consumer }, 'a consumer of Kafka broke; it begins again');
      const delayMs = Math.min(replaceMs[0] * 2 ** Math.min(failures, 10), replaceMs[1]);
      await pause(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await Promise.all(inHand);
  };
  const running = run();

  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Settles a batch, several deliveries at a time; those of one key are begun in their order. */
async function readBatch(
  { consumer, types, prefetch, settle, log }: ReadOptions,
  payload: EachBatchPayload,
  inHand: Set<Promise<unknown>>,
  stopping: AbortSignal,
): Promise<void> {
  const { topic, partition, messages } = payload.batch;
  const settled = new Set<string>();
  let failure: Error | undefined;
  let next = 0;
  const goesOn = (): boolean =>
    failure === undefined && !stopping.aborted && payload.isRunning() && !payload.isStale();

  /** Commits up to the first delivery that is not settled. */
  const commit = async (): Promise<void> => {
    const from = next;
    while (settled.delete(messages[next]?.offset ?? '')) next += 1;
    const last = messages[next - 1];
    if (next === from || last === undefined) return;
    payload.resolveOffset(last.offset);
    const offset = String(
      BigInt(next === messages.length ? payload.batch.lastOffset() : last.offset) + 1n,
    );
    await payload.commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [{ partition, offset }] }],
    });
  };

  const settleUntilDone = async (delivery: Delivery, offset: string): Promise<void> => {
    while (goesOn()) {
      try {
        await settle(delivery);
        settled.add(offset);
        return;
      } catch (error) {
        if (stopping.aborted) return;
        log.warn(
          { err: error, consumer, event: delivery.id },
          'a delivery could not be dealt with',
        );
        await pause(afterRejectionMs, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
  };

  // A heartbeat fails when the group gives its partitions out again: then nothing new is begun.
  const beating = setInterval(() => {
    payload
      .heartbeat()
      .then(commit)
      .catch((error: unknown) => (failure ??= asError(error)));
  }, commitEveryMs);
  const begun: Promise<unknown>[] = [];
  try {
    for (const message of messages) {
      const place = `${topic}/${partition}/${message.offset}`;
      const delivery = deliveryFor(consumer, types, place, message);
      if (delivery === undefined) {
        settled.add(message.offset);
        continue;
      }
      while (goesOn() && inHand.size >= prefetch) await Promise.race(inHand);
      if (!goesOn()) break;
      const work = settleUntilDone(delivery, message.offset).finally(() => inHand.delete(work));
      inHand.add(work);
      begun.push(work);
    }
    await Promise.all(begun);
  } finally {
    clearInterval(beating);
  }
  await commit();
  if (failure !== undefined) throw failure;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}
