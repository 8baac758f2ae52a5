import { z } from 'zod';
import { beginSettings, type BegunSettings } from '../common/begin-settings.ts';
import { developmentIdentityKey, isDevelopmentKey } from '../common/development-keys.ts';
import { type EventsConfig, eventsSection } from '../common/events-section.ts';
import { type FulfilmentConfig, fulfilmentSection } from '../common/fulfilment-section.ts';
import type { LogLevel } from '../common/logger.ts';
import type { Mode } from '../common/mode.ts';
import { type NotificationsConfig, notificationsSection } from '../common/notifications-section.ts';
import type { ProgramSettings } from '../common/setting-sources.ts';
import { httpUrl, identityKeys, logLevel } from '../common/setting-values.ts';
import { variableNameOf } from '../common/setting-variables.ts';
import { toPlain, valueAt } from '../common/settings-file.ts';
import { type Environment, parseSettings, variable } from '../common/settings.ts';
import type { SubgraphAddress } from './consumers/ask-subgraph.ts';

/** The settings of events, where what depends on the mode is decided. */
export type DecidedEventsConfig = EventsConfig & Required<Pick<EventsConfig, 'giveWayMs'>>;

/** The settings of the events process. */
export interface EventSettings {
  readonly mode: Mode;
  readonly events: DecidedEventsConfig;
  readonly notifications: NotificationsConfig;
  readonly fulfilment: Required<FulfilmentConfig>;
  readonly logLevel: LogLevel;
  /** The address of users, for contacts. */
  readonly users: SubgraphAddress;
  /** The address of orders, for shipped orders. */
  readonly orders: SubgraphAddress;
  readonly migrationsAtStart: 'run' | 'refuse';
}

const addressSchema = z.strictObject({ url: httpUrl, identityKeys });

const migrationsSchema: z.ZodType<'run' | 'refuse'> = z.enum(['run', 'refuse'], {
  error: ({ input }) => `takes run or refuse, not ${JSON.stringify(input)}`,
});

/** Up to which age events give way in production. In development there are no customers to serve first. */
const giveWayInProductionMs = 60_000;

/** The delay before an order is shipped in development, so that it can be watched. */
const shipAfterInDevelopmentMs = 4_000;

/**
 * The sections `events`, `notifications` and `fulfilment` of the settings file, overridden by variables. Throws a
 * SettingsError that lists every invalid or unknown setting, and webhooks without a secret. `program` has defaults set by the program.
 */
export function loadEventSettings(
  environment: Environment,
  program: ProgramSettings = {},
): EventSettings {
  const begun = beginSettings(environment, program);
  const { faults, mode, values, nameOf } = begun;
  const section = <T>(name: string, schema: z.ZodType<T>) =>
    faults.collect(() =>
      parseSettings(schema, toPlain(values.get(name)) ?? {}, (path) => nameOf([name, ...path])),
    );
  const events = section('events', eventsSection);
  const notifications = section('notifications', notificationsSection);
  const fulfilment = section('fulfilment', fulfilmentSection);
  const level = faults.collect(() =>
    parseSettings(logLevel, valueAt(values, ['telemetry', 'logLevel']) ?? 'info', () =>
      nameOf(['telemetry', 'logLevel']),
    ),
  );
  const users = addressOf('users', 4001, begun);
  const orders = addressOf('orders', 4003, begun);
  const migrationsAtStart = faults.collect(() =>
    parseSettings(
      migrationsSchema,
      variable(environment, 'MIGRATIONS_AT_START') ?? 'run',
      () => 'MIGRATIONS_AT_START',
    ),
  );
  if (notifications && notifications.webhookUrls.length > 0) {
    if (notifications.webhookSecrets.length === 0) {
      faults.add([
        `${nameOf(['notifications', 'webhookSecrets'])} is missing: webhooks are signed (echo whsec_$(openssl rand -base64 24))`,
      ]);
    }
  }
  const shipAfterMs =
    fulfilment?.shipAfterMs ?? (mode === 'production' ? 0 : shipAfterInDevelopmentMs);
  const giveWayMs = events?.giveWayMs ?? (mode === 'production' ? giveWayInProductionMs : 0);
  return faults.settle(
    events && notifications && fulfilment && level && users && orders && migrationsAtStart
      ? {
          mode: mode ?? 'development',
          events: { ...events, giveWayMs },
          ...{ notifications, users, orders, migrationsAtStart },
          fulfilment: { ...fulfilment, shipAfterMs },
          logLevel: level,
        }
      : undefined,
  );
}

/** The address of a subgraph and its signing key: the first of several, as in the gateway. */
function addressOf(
  name: string,
  port: number,
  { faults, mode, values, nameOf }: BegunSettings,
): SubgraphAddress | undefined {
  const path = ['subgraphs', 'each', variableNameOf(name)] as const;
  const developmentKey = mode === 'production' ? undefined : developmentIdentityKey(name);
  const read = faults.collect(() =>
    parseSettings(
      addressSchema,
      {
        url: valueAt(values, [...path, 'url']) ?? `http://127.0.0.1:${port}/graphql`,
        identityKeys: valueAt(values, [...path, 'identityKey']) ?? developmentKey,
      },
      ([key]) => nameOf([...path, key === 'url' ? 'url' : 'identityKey']),
    ),
  );
  const identityKey = read?.identityKeys[0];
  if (!read || identityKey === undefined) return undefined;
  if (mode === 'production' && isDevelopmentKey(identityKey)) {
    // The same wording as in the subgraph, so that one process reports the same mistake once.
    faults.add([
      `${nameOf([...path, 'identityKey'])} is the development key, which is public; use a secret one (openssl rand -hex 32)`,
    ]);
  }
  return { name, url: read.url, identityKey };
}
