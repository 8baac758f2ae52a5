import { join } from 'node:path';
import { type Clock, systemClock } from '../../../common/clock.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Mode } from '../../../common/mode.ts';
import type { NotificationsConfig } from '../../../common/notifications-section.ts';
import type { Sender } from '../define-consumer.ts';
import { createLoggedMessages, emailChannel, pushChannel, textMessageChannel } from './channels.ts';
import type { Contacts } from './contacts.ts';
import {
  createFileTransport,
  createLoggedTransport,
  createSmtpTransport,
  type MailTransport,
} from './mail-transport.ts';
import { createAddressRules } from './public-addresses.ts';
import { createWebhookChannel } from './webhook-channel.ts';

/** The database schema of notifications, with the inboxes of the channels. */
export const notificationsSchema = 'notifications';

/** All channels. */
export interface Notifications {
  readonly senders: readonly Sender[];
  close(): Promise<void>;
}

/** Creates the notification channels: each is a separate consumer and fails independently. */
export function createNotifications({
  config,
  contacts,
  dataDir,
  mode = 'development',
  log,
  clock = systemClock,
}: {
  readonly config: NotificationsConfig;
  readonly contacts: Contacts;
  readonly dataDir: string;
  /** In production no files are written: a container has no place for them. */
  readonly mode?: Mode;
  readonly log: Logger;
  readonly clock?: Clock;
}): Notifications {
  const transport = transportOf();
  const rules = createAddressRules(config.webhookPrivateNetworks);
  const webhooks = config.webhookUrls.map((url) =>
    createWebhookChannel({ url, secrets: config.webhookSecrets, rules, clock }),
  );
  function transportOf(): MailTransport {
    if (config.smtpUrl !== undefined) return createSmtpTransport(config.smtpUrl, config.from);
    if (mode === 'production') return createLoggedTransport(log);
    return createFileTransport(join(dataDir, 'outbox'), config.from);
  }
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
