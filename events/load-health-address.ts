import { z } from 'zod';
import { beginSettings } from '../common/begin-settings.ts';
import { eventsSection } from '../common/events-section.ts';
import type { ListenAddress } from '../common/listen-failure.ts';
import { requireLoopbackInDevelopment } from '../common/mode.ts';
import { text } from '../common/setting-values.ts';
import type { SettingName } from '../common/setting-variables.ts';
import { valueAt } from '../common/settings-file.ts';
import { type Environment, parseSettings } from '../common/settings.ts';

const schema = z.strictObject({ host: text, port: eventsSection.shape.port });

const portSetting = 'EVENTS_PORT' satisfies SettingName;

const keys = { host: ['server', 'host'], port: ['events', 'port'] } as const;

/**
 * Where the process of events says how it is, when it runs alone: `HOST` and `EVENTS_PORT`, or the settings file. Throws a
 * SettingsError; in development also for an address that other machines can reach.
 */
export function loadHealthAddress(environment: Environment): ListenAddress {
  const { faults, mode, values, nameOf } = beginSettings(environment);
  const address = faults.collect(() =>
    parseSettings(
      schema,
      { host: valueAt(values, keys.host) ?? '127.0.0.1', port: valueAt(values, keys.port) },
      ([key]) => nameOf(keys[key === 'host' ? 'host' : 'port']),
    ),
  );
  if (address) {
    faults.collect(() => {
      requireLoopbackInDevelopment(mode, { name: nameOf(keys.host), host: address.host });
    });
  }
  return faults.settle(address && { ...address, portSetting });
}
