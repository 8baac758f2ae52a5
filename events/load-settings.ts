import { z } from 'zod';
import { beginSettings } from '../common/begin-settings.ts';
import { developmentIdentityKey } from '../common/development-keys.ts';
import { type EventsConfig, eventsSection } from '../common/events-section.ts';
import type { LogLevel } from '../common/logger.ts';
import { type NotificationsConfig, notificationsSection } from '../common/notifications-section.ts';
import { httpUrl, identityKeys, logLevel } from '../common/setting-values.ts';
import { toPlain, valueAt } from '../common/settings-file.ts';
import { type Environment, parseSettings, variable } from '../common/settings.ts';

/** The settings of the process of events. */
export interface EventSettings {
  readonly events: EventsConfig;
  readonly notifications: NotificationsConfig;
  readonly logLevel: LogLevel;
  /** Where users is asked for contacts, and the keys that both sides share. */
  readonly users: { readonly url: string; readonly identityKeys: readonly string[] };
  readonly migrationsAtStart: 'run' | 'refuse';
}

const usersSchema = z.strictObject({ url: httpUrl, identityKeys });

const migrationsSchema: z.ZodType<'run' | 'refuse'> = z.enum(['run', 'refuse'], {
  error: ({ input }) => `takes run or refuse, not ${JSON.stringify(input)}`,
});

/**
 * The sections `events` and `notifications` of the settings file and what variables lay over them. Throws a SettingsError
 * with each bad or unknown one; also for webhooks without a secret.
 */
export function loadEventSettings(environment: Environment): EventSettings {
  const { faults, mode, values, nameOf } = beginSettings(environment);
  const section = (name: string) => toPlain(values.get(name)) ?? {};
  const events = faults.collect(() =>
    parseSettings(eventsSection, section('events'), (path) => nameOf(['events', ...path])),
  );
  const notifications = faults.collect(() =>
    parseSettings(notificationsSection, section('notifications'), (path) =>
      nameOf(['notifications', ...path]),
    ),
  );
  const level = faults.collect(() =>
    parseSettings(logLevel, valueAt(values, ['telemetry', 'logLevel']) ?? 'info', () =>
      nameOf(['telemetry', 'logLevel']),
    ),
  );
  const ofUsers = ['subgraphs', 'each', 'USERS'] as const;
  const developmentKey = mode === 'production' ? undefined : developmentIdentityKey('users');
  const users = faults.collect(() =>
    parseSettings(
      usersSchema,
      {
        url: valueAt(values, [...ofUsers, 'url']) ?? 'http://127.0.0.1:4001/graphql',
        identityKeys: valueAt(values, [...ofUsers, 'identityKey']) ?? developmentKey,
      },
      ([key]) => nameOf([...ofUsers, key === 'url' ? 'url' : 'identityKey']),
    ),
  );
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
  return faults.settle(
    events &&
      notifications &&
      level &&
      users &&
      migrationsAtStart && { events, notifications, logLevel: level, users, migrationsAtStart },
  );
}
