import { join } from 'node:path';
import { type Clock, systemClock } from '../../../common/clock.ts';
import type { Logger } from '../../../common/logger.ts';
import type { NotificationsConfig } from '../../../common/notifications-section.ts';
import type { Sender } from '../define-consumer.ts';
import { createLoggedMessages, emailChannel, pushChannel, textMessageChannel } from './channels.ts';
import type { Contacts } from './contacts.ts';
import { createFileTransport, createSmtpTransport } from './mail-transport.ts';
import { createAddressRules } from './public-addresses.ts';
import { createWebhookChannel } from './webhook-channel.ts';

/** The database schema of notifications, which has the inbox of their channels. */
export const notificationsSchema = 'notifications';

/** All channels. */
export interface Notifications {
  readonly senders: readonly Sender[];
  close(): Promise<void>;
}

/** Makes the channels by which customers and other systems are told: each a consumer of its own, which fails alone. */
export function createNotifications({
  config,
  contacts,
  dataDir,
  log,
  clock = systemClock,
}: {
  readonly config: NotificationsConfig;
  readonly contacts: Contacts;
  readonly dataDir: string;
  readonly log: Logger;
  readonly clock?: Clock;
}): Notifications {
  const transport =
    config.smtpUrl === undefined
      ? createFileTransport(join(dataDir, 'outbox'), config.from)
      : createSmtpTransport(config.smtpUrl, config.from);
  const rules = createAddressRules(config.webhookPrivateNetworks);
  const webhooks = config.webhookUrls.map((url) =>
    createWebhookChannel({ url, secrets: config.webhookSecrets, rules, clock }),
  );
  return {
    senders: [
      emailChannel(contacts, transport, log),
      textMessageChannel(createLoggedMessages('sms', log)),
      pushChannel(createLoggedMessages('push', log)),
      ...webhooks.map(({ sender }) => sender),
    ],
    async close() {
      transport.close();
      await Promise.all(webhooks.map((webhook) => webhook.close()));
    },
  };
}
