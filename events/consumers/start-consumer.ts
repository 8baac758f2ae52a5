import type { Logger } from '../../common/logger.ts';
import { repeat } from '../../subgraphs/kit/repeat.ts';
import type { Bus, Consuming } from '../bus/bus.ts';
import type { InboxTables } from '../inbox/inbox-tables.ts';
import { typesFor } from './define-consumer.ts';
import { createReceiver, type ReceiveOptions } from './receive.ts';

/** How often the inbox is checked for events that no longer have to wait. */
const resumeEveryMs = 60_000;

/** Declares a consumer and runs it. Its tables must exist. */
export async function startConsumer<TTables extends InboxTables>({
  bus,
  onDelivery,
  ...options
}: Omit<ReceiveOptions<TTables>, 'bus'> & {
  readonly bus: Bus;
  /** Called for each delivery, before it is handled. */
  readonly onDelivery?: () => void;
  readonly log: Logger;
}): Promise<Consuming> {
  const { consumer, log } = options;
  const receiver = createReceiver({ ...options, bus });
  const subscription = { consumer: consumer.name, types: typesFor(consumer) };
  await bus.declare([subscription]);
  await receiver.resume();
  const consuming = await bus.consume(subscription, (delivery) => {
    onDelivery?.();
    return receiver.handle(delivery);
  });
  const resuming = repeat({
    name: `inbox of ${consumer.name}`,
    everyMs: resumeEveryMs,
    run: () => receiver.resume(),
    log,
  });
  return {
    async stop() {
      receiver.stop();
      await Promise.all([resuming.stop(), consuming.stop()]);
    },
  };
}
