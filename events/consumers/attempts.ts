import type { Kysely } from 'kysely';
import { AppError, messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { createTogether } from '../../subgraphs/kit/together.ts';
import type { Delivery } from '../bus/bus.ts';
import { isKnownType } from '../contracts/catalogue.ts';
import { MalformedEventError, readEvent, type ShopEvent } from '../contracts/event.ts';
import { claimAll, markAll } from '../inbox/inbox-statements.ts';
import type { InboxTables } from '../inbox/inbox-tables.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { untilAborted, withDeadline } from './deadline.ts';
import {
  type Consumer,
  type EventHandler,
  NotSentError,
  type RepeatableConsumer,
  type Sender,
  type SenderContext,
  type TransactionalConsumer,
} from './define-consumer.ts';

/** The dependencies of attempts. */
export interface AttemptsOptions<TTables extends InboxTables> {
  readonly consumer: Consumer<TTables>;
  readonly database: Kysely<TTables>;
  readonly inbox: Inbox;
  readonly messageTimeoutMs: number;
  readonly log: Logger;
}

/** How one attempt to handle an event ended: its failure; `undefined` when it is done with. */
export type Attempted = Error | undefined;

/** Handles events, and notes in the inbox when that is done. Each rejects when the database is unavailable. */
export interface Attempts {
  /**
   * Handles an event of which nothing is known and whose key has nothing unfinished, as almost all are, with as few
   * statements as possible: together with others. `unusual` when it is another one, or may have failed: then nothing has
   * been done about it.
   */
  quickly(delivery: Delivery): Promise<Attempted | 'unusual'>;
  /** Handles an event whose turn it is, by itself. */
  alone(delivery: Delivery): Promise<Attempted>;
}

/** The most events in one transaction. */
const most = 100;

/** Creates the attempts of a consumer. */
export function createAttempts<TTables extends InboxTables>(
  options: AttemptsOptions<TTables>,
): Attempts {
  const { consumer } = options;
  switch (consumer.kind) {
    case 'transactional':
      return transactionalAttempts({ ...options, consumer });
    case 'sender':
      return sendingAttempts({ ...options, consumer });
    case 'repeatable':
      return {
        quickly: () => Promise.resolve('unusual'),
        alone: (delivery) => repeat({ ...options, consumer }, delivery),
      };
  }
}

function transactionalAttempts<TTables extends InboxTables>({
  consumer: { name, handlers },
  database,
  messageTimeoutMs,
  log,
}: AttemptsOptions<TTables> & {
  readonly consumer: TransactionalConsumer<TTables>;
}): Attempts {
  /** Whether each was new and is done now. They are of different keys, so their order does not matter. */
  const changeAll = (deliveries: readonly Delivery[]): Promise<readonly boolean[]> => {
    const read = deliveries.map((delivery) => readFor(handlers, delivery));
    return withDeadline(messageTimeoutMs, (signal) =>
      database.transaction().execute(async (transaction) => {
        const isNew = await claimAll(
          transaction,
          deliveries.map(({ id, key }) => ({ consumer: name, id, key })),
          'done',
        );
        const fresh = read.filter((_each, index) => isNew[index]);
        for (const handler of new Set(fresh.map((each) => each.handler))) {
          const events = fresh.filter((each) => each.handler === handler).map(({ event }) => event);
          await untilAborted(signal, handleAll(handler, events, { transaction, signal }));
        }
        return isNew;
      }),
    );
  };
  const together = createTogether<Delivery, boolean>({
    run: async (deliveries) => {
      try {
        return await changeAll(deliveries);
      } catch (error) {
        log.debug({ err: error, consumer: name }, 'events are handled one by one');
        return deliveries.map(() => false);
      }
    },
    most,
    keyOf: ({ key }) => key,
  });
  return {
    quickly: async (delivery) => ((await together(delivery)) ? undefined : 'unusual'),

    async alone(delivery) {
      try {
        const { event, handler } = readFor(handlers, delivery);
        await withDeadline(messageTimeoutMs, (signal) =>
          database.transaction().execute(async (transaction) => {
            const [isNew] = await markAll(transaction, [
              { consumer: name, id: delivery.id, key: delivery.key, state: 'done' },
            ]);
            if (isNew !== true) return;
            await untilAborted(signal, handler.handle(event, { transaction, signal }));
          }),
        );
        return undefined;
      } catch (error) {
        if (isDatabaseAway(error)) throw error;
        return asError(error);
      }
    },
  };
}

function sendingAttempts<TTables extends InboxTables>({
  consumer: { name, handlers },
  inbox,
  messageTimeoutMs,
  log,
}: AttemptsOptions<TTables> & { readonly consumer: Sender }): Attempts {
  /** Sends an event that is noted as begun: should the process end meanwhile, it is not sent again. */
  const send = async (
    delivery: Delivery,
    { event, handler }: ReadEvent<SenderContext>,
  ): Promise<Attempted> => {
    try {
      await withDeadline(messageTimeoutMs, (signal) =>
        untilAborted(signal, handler.handle(event, { signal })),
      );
    } catch (error) {
      if (error instanceof NotSentError || error instanceof MalformedEventError) return error;
      log.error({ err: error, consumer: name, event: delivery.id }, 'sent or not: not again');
      await inbox.mark(delivery, 'unknown');
      return undefined;
    }
    await inbox.mark(delivery, 'done');
    return undefined;
  };
  const read = (delivery: Delivery): ReadEvent<SenderContext> | Error => {
    try {
      return readFor(handlers, delivery);
    } catch (error) {
      return asError(error);
    }
  };
  return {
    async quickly(delivery) {
      const begun = read(delivery);
      if (begun instanceof Error || !(await inbox.begin(delivery))) return 'unusual';
      return send(delivery, begun);
    },

    async alone(delivery) {
      const begun = read(delivery);
      if (begun instanceof Error) return begun;
      // When the inbox cannot be written, the event has not failed: it must not be sent again for that.
      return (await inbox.mark(delivery, 'started')) ? send(delivery, begun) : undefined;
    },
  };
}

async function repeat<TTables extends InboxTables>(
  {
    consumer: { handlers },
    inbox,
    messageTimeoutMs,
  }: AttemptsOptions<TTables> & { readonly consumer: RepeatableConsumer },
  delivery: Delivery,
): Promise<Attempted> {
  try {
    const { event, handler } = readFor(handlers, delivery);
    await withDeadline(messageTimeoutMs, (signal) =>
      untilAborted(signal, handler.handle(event, { signal })),
    );
  } catch (error) {
    return asError(error);
  }
  await inbox.mark(delivery, 'done');
  return undefined;
}

async function handleAll<TContext>(
  { handle, handleAll: together }: EventHandler<TContext>,
  events: readonly ShopEvent[],
  context: TContext,
): Promise<void> {
  if (together) return together(events, context);
  for (const event of events) await handle(event, context);
}

interface ReadEvent<TContext> {
  readonly event: ShopEvent;
  readonly handler: EventHandler<TContext>;
}

/** Throws MalformedEventError for what cannot be read. */
function readFor<TContext>(
  handlers: readonly EventHandler<TContext>[],
  { text }: Delivery,
): ReadEvent<TContext> {
  const event = readEvent(text);
  const handler = handlers.find(({ types }) => types.includes(event.type));
  if (handler) return { event, handler };
  // It waited in the queue while the consumer was still sent its type.
  if (isKnownType(event.type)) return { event, handler: ignoring };
  throw new MalformedEventError(`Nothing is to be done about ${event.type}.`);
}

const ignoring: EventHandler<unknown> = {
  name: 'ignored',
  types: [],
  handle: () => Promise.resolve(),
};

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}

function isDatabaseAway(error: unknown): boolean {
  return (
    error instanceof AppError &&
    (error.code === 'DATABASE_UNAVAILABLE' || error.code === 'OVERLOADED')
  );
}
