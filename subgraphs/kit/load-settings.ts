import { z } from 'zod';
import { beginSettings } from '../../common/begin-settings.ts';
import { databaseSection } from '../../common/database-section.ts';
import { developmentIdentityKey, isDevelopmentKey } from '../../common/development-keys.ts';
import { defaultDrainDelayMs, drainTimes, refuseLongDrain } from '../../common/drain-times.ts';
import type { LogLevel } from '../../common/logger.ts';
import { type Mode, requireLoopbackInDevelopment } from '../../common/mode.ts';
import { flag, identityKeys, logLevel, text, wholeNumber } from '../../common/setting-values.ts';
import { type SettingName, variableNameOf } from '../../common/setting-variables.ts';
import { toPlain, valueAt } from '../../common/settings-file.ts';
import { type Environment, parseSettings, variable } from '../../common/settings.ts';

/** The variables of this process: the only place that reads them for settings. */
export const processEnvironment: Environment = process.env;

/** How one subgraph runs. */
export interface SubgraphSettings {
  readonly mode: Mode;
  readonly host: string;
  /** 0 picks any free port. */
  readonly port: number;
  /** The keys that may have signed an identity. */
  readonly identityKeys: readonly string[];
  readonly demonstrationData: boolean;
  /** For how long it keeps listening when it is told to stop, while no longer ready. */
  readonly drainDelayMs: number;
  /** How long requests in flight may take after that. */
  readonly drainTimeoutMs: number;
  /** Whether pending migrations are applied at startup, or make it fail. */
  readonly migrationsAtStart: MigrationsAtStart;
  readonly logLevel: LogLevel;
}

/** The part of a subgraph's definition that its settings depend on. */
export interface SubgraphWithSettings {
  readonly name: string;
  readonly port: number;
  readonly checkSettings?: (environment: Environment, mode: Mode) => unknown;
}

/** What a start does about pending migrations. */
export type MigrationsAtStart = 'run' | 'refuse';

/** Where the data of a process is stored: `databaseUrl` takes precedence over `dataDir`. */
export interface DatabaseSettings {
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

const subgraphSchema = z.strictObject({
  mode: z.enum(['development', 'production']),
  host: text,
  port: wholeNumber(0, 65_535),
  identityKeys,
  demonstrationData: flag,
  ...drainTimes,
  migrationsAtStart: z.enum(['run', 'refuse'], {
    error: ({ input }) => `takes run or refuse, not ${JSON.stringify(input)}`,
  }),
  logLevel,
});

const databaseSchema = z.strictObject({
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/, error: 'takes a postgres:// URL' }).optional(),
  dataDir: text,
});

/**
 * The settings of one subgraph from the environment (`<NAME>_PORT`, `DEMO_DATA`, `MIGRATIONS_AT_START`, `NODE_ENV`),
 * and from the settings file or the variables that override it: host, log level, drain times, and its own identity key.
 * Throws a SettingsError with each invalid or unknown one, including those that the subgraph checks itself, and with
 * each that is not allowed: in production, demonstration data and a missing or a development key; in development, an
 * address that other machines can reach.
 */
export function loadSubgraphSettings(
  subgraph: SubgraphWithSettings,
  environment: Environment,
): SubgraphSettings {
  const begun = beginSettings(environment, { subgraphs: [subgraph.name] });
  const { faults, mode: likely, values, nameOf } = begun;
  const mode = likely ?? 'development';
  const name = variableNameOf(subgraph.name);
  const keys = keysFor(name);
  const set = (key: keyof typeof keys): unknown => valueAt(values, keys[key]);
  const developmentKey = mode === 'development' ? developmentIdentityKey(subgraph.name) : undefined;
  const host = set('host') ?? '127.0.0.1';
  const names = { ...ownNames, port: `${name}_PORT` };
  if (typeof host === 'string')
    faults.collect(() => {
      requireLoopbackInDevelopment(likely, { name: nameOf(keys.host), host });
    });
  const settings = faults.collect(() =>
    parseSettings(
      subgraphSchema,
      {
        mode,
        host,
        port: variable(environment, names.port) ?? subgraph.port,
        identityKeys: set('identityKeys') ?? developmentKey,
        demonstrationData:
          variable(environment, names.demonstrationData) ?? String(mode === 'development'),
        drainDelayMs: set('drainDelayMs') ?? defaultDrainDelayMs(mode),
        drainTimeoutMs: set('drainTimeoutMs'),
        migrationsAtStart: variable(environment, names.migrationsAtStart) ?? 'run',
        logLevel: set('logLevel') ?? 'info',
      },
      ([first]) => nameIn(names, first) ?? nameOf(keys[first as keyof typeof keys]),
    ),
  );
  if (settings)
    faults.collect(() => {
      refuseLongDrain(settings);
    });
  faults.collect(() => subgraph.checkSettings?.(environment, mode));
  if (mode === 'production') {
    const asked = variable(environment, names.demonstrationData) === 'true';
    if (asked) faults.add([demonstrationDataInProduction]);
    const given = set('identityKeys');
    if (typeof given === 'string' && given.split(',').some((key) => isDevelopmentKey(key.trim()))) {
      faults.add([
        `${nameOf(keys.identityKeys)} is the development key, which is public; use a secret one (openssl rand -hex 32)`,
      ]);
    }
  }
  return faults.settle(settings);
}

/**
 * Where the data is stored, from the environment: `DATABASE_URL`, or else `DATA_DIR`; and how it is used, from the
 * section `database` of the settings file. Throws a SettingsError with each invalid or unknown setting; in production
 * also without `DATABASE_URL`.
 */
export function loadDatabaseSettings(environment: Environment): DatabaseSettings {
  const { faults, mode, values, nameOf } = beginSettings(environment);
  const databaseUrl = variable(environment, databaseNames.databaseUrl);
  const home = faults.collect(() =>
    parseSettings(
      databaseSchema,
      { databaseUrl, dataDir: variable(environment, databaseNames.dataDir) ?? '.data' },
      ([first]) => nameIn(databaseNames, first) ?? String(first),
    ),
  );
  const use = faults.collect(() =>
    parseSettings(databaseSection, toPlain(values.get('database')) ?? {}, (path) =>
      nameOf(['database', ...path]),
    ),
  );
  if (mode === 'production' && databaseUrl === undefined) {
    faults.add(['DATABASE_URL is missing: production requires a PostgreSQL server']);
  }
  return faults.settle(home && use && { ...home, ...use });
}

const demonstrationDataInProduction =
  'DEMO_DATA asks for demonstration data, whose passwords are public; production does not allow it';

const databaseNames = {
  databaseUrl: 'DATABASE_URL',
  dataDir: 'DATA_DIR',
} as const satisfies Record<string, SettingName>;

const ownNames = {
  mode: 'NODE_ENV',
  demonstrationData: 'DEMO_DATA',
  migrationsAtStart: 'MIGRATIONS_AT_START',
} as const satisfies Record<string, SettingName>;

/** The variables that every subgraph reads, without its port and its key. */
export const subgraphVariables: readonly SettingName[] = [
  'GATEWAY_CONFIG',
  'HOST',
  'LOG_LEVEL',
  ...Object.values(ownNames),
  ...Object.values(databaseNames),
];

/** What a subgraph reads from the settings file. */
function keysFor(name: string) {
  return {
    host: ['server', 'host'],
    drainDelayMs: ['server', 'drainDelayMs'],
    drainTimeoutMs: ['server', 'drainTimeoutMs'],
    logLevel: ['telemetry', 'logLevel'],
    identityKeys: ['subgraphs', 'each', name, 'identityKey'],
  } as const;
}

function nameIn(
  names: Readonly<Record<string, string>>,
  key: PropertyKey | undefined,
): string | undefined {
  return Object.hasOwn(names, String(key)) ? names[String(key)] : undefined;
}
