import { setImmediate } from 'node:timers/promises';
import type { Connection, Envelope } from 'rabbitmq-client';
import { messageOf } from '../../../common/errors.ts';
import { within } from '../../../common/within.ts';
import { BusUnavailableError } from '../bus.ts';

/** A message to publish. */
export interface Outgoing {
  readonly envelope: Envelope;
  readonly text: string;
}

/** Publishes messages with publisher confirms. */
export interface ConfirmedPublisher {
  /**
   * Resolves when a majority of the broker's nodes has stored the message; false when no queue accepts it. Throws
   * BusUnavailableError when the broker rejects it or does not confirm in time.
   */
  publish(outgoing: Outgoing, timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Creates a publisher with its own channel, which is reopened after a failure. */
export function createConfirmedPublisher(connection: Connection): ConfirmedPublisher {
  const returned = new Set<string>();
  const publisher = connection.createPublisher({ confirm: true });
  publisher.on('basic.return', ({ correlationId }) => {
    if (correlationId !== undefined) returned.add(correlationId);
  });
  let sent = 0;
  return {
    async publish({ envelope, text }, timeoutMs) {
      if (!connection.ready) throw new BusUnavailableError('RabbitMQ is not connected.');
      sent += 1;
      const correlationId = String(sent);
      const sending = publisher.send({ ...envelope, correlationId }, Buffer.from(text));
      try {
        const isTaken = await within(
          sending.then(() => true),
          timeoutMs,
          false,
        );
        if (!isTaken) throw new Error(`no confirmation within ${timeoutMs} ms`);
      } catch (error) {
        // A return that arrives too late must not stay here forever.
        sending
          .catch(() => undefined)
          .finally(() => returned.delete(correlationId))
          .catch(() => undefined);
        throw new BusUnavailableError(`RabbitMQ did not take a message: ${messageOf(error)}`, {
          cause: error,
        });
      }
      // An unroutable message is returned before its confirmation, but reported with setImmediate.
      await setImmediate();
      return !returned.delete(correlationId);
    },
    close: () => publisher.close(),
  };
}
