import { nearest, nearestWithin } from './nearest.ts';
import { type Environment, SettingsError, variable } from './settings.ts';

/** How a process runs: `production`, or with the public keys and accounts that make development easy. */
export type Mode = 'development' | 'production';

/** The values of NODE_ENV; `test` means `development`. */
const modes: ReadonlyMap<string, Mode> = new Map([
  ['development', 'development'],
  ['test', 'development'],
  ['production', 'production'],
]);

/** The mode in NODE_ENV; `development` when it is not set. Throws a SettingsError for anything but the three names. */
export function readMode(environment: Environment): Mode {
  const name = variable(environment, 'NODE_ENV') ?? 'development';
  const mode = modes.get(name);
  if (mode) return mode;
  const meant = meantBy(name);
  throw new SettingsError([
    `NODE_ENV: takes development, test or production, not ${JSON.stringify(name)}${meant === undefined ? '' : `; the nearest is ${meant}`}`,
  ]);
}

/** The mode in which to check the other settings when NODE_ENV is wrong: the one that was probably meant, if any. */
export function likelyMode(environment: Environment): Mode | undefined {
  const name = variable(environment, 'NODE_ENV') ?? 'development';
  return modes.get(name) ?? modes.get(meantBy(name) ?? '');
}

/**
 * Development has public keys, accounts and pages, so it must be reachable from its own machine only. Throws a
 * SettingsError for any other address; `name` is the name of the setting.
 */
export function requireLoopbackInDevelopment(
  mode: Mode | undefined,
  { name, host }: { readonly name: string; readonly host: string },
): void {
  if (mode !== 'development' || isLoopback(host)) return;
  throw new SettingsError([
    `${name}: other machines can reach ${host}, and development has publicly known keys and passwords; set NODE_ENV=production, or a loopback address such as 127.0.0.1`,
  ]);
}

/** True for an address that only this machine reaches (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopback(host: string): boolean {
  const address = host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  return (
    address === 'localhost' || address === '::1' || /^127(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(address)
  );
}

function meantBy(name: string): string | undefined {
  const prefixed = nearest(
    name,
    [...modes.keys()].filter((mode) => mode.startsWith(name.toLowerCase())),
  );
  return prefixed ?? nearestWithin(name, modes.keys(), (mode) => mode.length / 3);
}
