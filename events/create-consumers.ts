import type { Logger } from '../common/logger.ts';
import { analyticsSchema, createAnalytics } from './consumers/analytics/create-analytics.ts';
import type { Consumer } from './consumers/define-consumer.ts';
import { createFulfilment, fulfilmentSchema } from './consumers/fulfilment/create-fulfilment.ts';
import { createOrdersClient } from './consumers/fulfilment/orders.ts';
import type { ShippingProvider } from './consumers/fulfilment/shipping-provider.ts';
import { createSimulatedShipping } from './consumers/fulfilment/simulated-shipping.ts';
import { createUsersContacts } from './consumers/notifications/contacts.ts';
import {
  createNotifications,
  notificationsSchema,
} from './consumers/notifications/create-notifications.ts';
import type { EventSettings } from './load-settings.ts';

/** The dependencies of the consumers. */
export interface ConsumersOptions {
  readonly settings: EventSettings;
  /** The folder for e-mail files, used without a mail server. */
  readonly dataDir: string;
  /** The shipping provider; by default a simulated one. */
  readonly shipping?: ShippingProvider;
  readonly log: Logger;
}

/** All consumers of the events process, each with the schema of its inbox. */
export interface Consumers {
  readonly all: readonly { readonly consumer: Consumer; readonly schema: string }[];
  close(): Promise<void>;
}

/** Creates the configured consumers. */
export function createConsumers({
  settings,
  dataDir,
  shipping = createSimulatedShipping(),
  log,
}: ConsumersOptions): Consumers {
  const notifications = createNotifications({
    config: settings.notifications,
    contacts: createUsersContacts(settings.users),
    mode: settings.mode,
    ...{ dataDir, log },
  });
  const fulfilment = createFulfilment({
    orders: createOrdersClient(settings.orders),
    provider: shipping,
    config: settings.fulfilment,
    log,
  });
  return {
    all: [
      ...notifications.senders.map((consumer) => ({ consumer, schema: notificationsSchema })),
      { consumer: fulfilment, schema: fulfilmentSchema },
      { consumer: createAnalytics(), schema: analyticsSchema },
    ],
    close: () => notifications.close(),
  };
}
