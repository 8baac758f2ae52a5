import { setImmediate } from 'node:timers/promises';
import type { Connection, Envelope } from 'rabbitmq-client';
import { messageOf } from '../../../common/errors.ts';
import { within } from '../../../common/within.ts';
import { BusUnavailableError } from '../bus.ts';

/** A message to be published. */
export interface Outgoing {
  readonly envelope: Envelope;
  readonly text: string;
}

/** Publishes messages, each with the broker's confirmation. */
export interface ConfirmedPublisher {
  /**
   * Resolves when the broker has the message on the disks of most of its nodes. Gives false when no queue takes it. Throws
   * BusUnavailableError when the broker does not take it or does not say so in time.
   */
  publish(outgoing: Outgoing, timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Creates a publisher with a channel of its own, which is opened again when it breaks. */
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
        // What comes back too late must not stay here forever.
        sending
          .catch(() => undefined)
          .finally(() => returned.delete(correlationId))
          .catch(() => undefined);
        throw new BusUnavailableError(`RabbitMQ did not take a message: ${messageOf(error)}`, {
          cause: error,
        });
      }
      // A message that no queue takes comes back before its confirmation, but is reported by setImmediate.
      await setImmediate();
      return !returned.delete(correlationId);
    },
    close: () => publisher.close(),
  };
}
