import { z } from 'zod';
import { developmentIdentityKey, isDevelopmentKey } from '../../common/development-keys.ts';
import { defaultDrainDelayMs, refuseLongDrain } from '../../common/drain-times.ts';
import { StartupError } from '../../common/errors.ts';
import { identityKeyMinBytes } from '../../common/identity-token.ts';
import { logLevels } from '../../common/logger.ts';
import { type Environment, parseSettings, variable } from '../../common/settings.ts';

/** The variables of this process: settings are read from here and from nowhere else. */
export const processEnvironment: Environment = process.env;

const wholeNumber = (least: number, most: number): z.ZodType<number> =>
  z.coerce
    .number({ error: `takes a whole number from ${least} to ${most}` })
    .int()
    .min(least)
    .max(most);

const flag = z
  .enum(['true', 'false'], { error: 'takes true or false' })
  .transform((text) => text === 'true');

const identityKeys = z
  .string({ error: 'is missing; production has no default key' })
  .transform((text) => text.split(',').map((key) => key.trim()))
  .refine((keys) => keys.every((key) => Buffer.byteLength(key) >= identityKeyMinBytes), {
    error: `takes keys of at least ${identityKeyMinBytes} bytes, separated by commas`,
  });

/** How one subgraph runs. */
export interface SubgraphSettings {
  readonly mode: 'development' | 'production';
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The keys a signed identity may be signed with. */
  readonly identityKeys: readonly string[];
  readonly demonstrationData: boolean;
  /** Time that it goes on listening when it is told to stop, not ready any more. */
  readonly drainDelayMs: number;
  /** Time that requests in flight have after that. */
  readonly drainTimeoutMs: number;
  readonly logLevel: (typeof logLevels)[number];
}

/** Where the data of a process lives: `databaseUrl` wins over `dataDir`. */
export interface DatabaseSettings {
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

const subgraphSchema = z.strictObject({
  mode: z.enum(['development', 'production'], { error: 'takes development or production' }),
  host: z.string().min(1),
  port: wholeNumber(0, 65_535),
  identityKeys,
  demonstrationData: flag,
  drainDelayMs: wholeNumber(0, 17_999),
  drainTimeoutMs: wholeNumber(1, 18_000),
  logLevel: z.enum(logLevels, { error: `takes one of ${logLevels.join(', ')}` }),
});

const databaseSchema = z.strictObject({
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/, error: 'takes a postgres:// URL' }).optional(),
  dataDir: z.string().min(1),
  poolMax: wholeNumber(1, 1_000),
  connectTimeoutMs: wholeNumber(1, 60_000),
  statementTimeoutMs: wholeNumber(1, 600_000),
});

/**
 * The settings of one subgraph from the environment: `<NAME>_PORT`, `SUBGRAPH_<NAME>_IDENTITY_KEY`, `HOST`, `DEMO_DATA`,
 * `DRAIN_DELAY_MS`, `DRAIN_TIMEOUT_MS`, `LOG_LEVEL`, `NODE_ENV`. Throws a StartupError that names each bad one; in production also for demonstration data
 * and for a missing or a development key.
 */
export function loadSubgraphSettings(
  subgraph: { readonly name: string; readonly port: number },
  environment: Environment,
): SubgraphSettings {
  const names = namesFor(subgraph.name);
  const mode = variable(environment, names.mode) === 'production' ? 'production' : 'development';
  const developmentKey = mode === 'development' ? developmentIdentityKey(subgraph.name) : undefined;
  const settings = parseSettings(
    subgraphSchema,
    {
      mode,
      host: variable(environment, names.host) ?? '127.0.0.1',
      port: variable(environment, names.port) ?? subgraph.port,
      identityKeys: variable(environment, names.identityKeys) ?? developmentKey,
      demonstrationData:
        variable(environment, names.demonstrationData) ?? String(mode === 'development'),
      drainDelayMs: variable(environment, names.drainDelayMs) ?? defaultDrainDelayMs(mode),
      drainTimeoutMs: variable(environment, names.drainTimeoutMs) ?? 10_000,
      logLevel: variable(environment, names.logLevel) ?? 'info',
    },
    nameFrom(names),
  );
  if (mode === 'production') refuseDevelopment(settings, names);
  refuseLongDrain(settings);
  return settings;
}

/**
 * Where the data lives, from the environment: `DATABASE_URL`, else `DATA_DIR`. Throws a StartupError that names each
 * bad setting; in production also without `DATABASE_URL`.
 */
export function loadDatabaseSettings(environment: Environment): DatabaseSettings {
  const settings = parseSettings(
    databaseSchema,
    {
      databaseUrl: variable(environment, databaseNames.databaseUrl),
      dataDir: variable(environment, databaseNames.dataDir) ?? '.data',
      poolMax: variable(environment, databaseNames.poolMax) ?? 10,
      connectTimeoutMs: variable(environment, databaseNames.connectTimeoutMs) ?? 5_000,
      statementTimeoutMs: variable(environment, databaseNames.statementTimeoutMs) ?? 5_000,
    },
    nameFrom(databaseNames),
  );
  if (variable(environment, 'NODE_ENV') === 'production' && settings.databaseUrl === undefined) {
    throw refused('DATABASE_URL', 'is missing; production runs on a Postgres server');
  }
  return settings;
}

const databaseNames = {
  databaseUrl: 'DATABASE_URL',
  dataDir: 'DATA_DIR',
  poolMax: 'DATABASE_POOL_MAX',
  connectTimeoutMs: 'DATABASE_CONNECT_TIMEOUT_MS',
  statementTimeoutMs: 'DATABASE_STATEMENT_TIMEOUT_MS',
} as const;

function namesFor(subgraph: string) {
  const upper = subgraph.toUpperCase().replaceAll('-', '_');
  return {
    mode: 'NODE_ENV',
    host: 'HOST',
    port: `${upper}_PORT`,
    identityKeys: `SUBGRAPH_${upper}_IDENTITY_KEY`,
    demonstrationData: 'DEMO_DATA',
    drainDelayMs: 'DRAIN_DELAY_MS',
    drainTimeoutMs: 'DRAIN_TIMEOUT_MS',
    logLevel: 'LOG_LEVEL',
  } as const;
}

function nameFrom(names: Readonly<Record<string, string>>) {
  const byPath = new Map(Object.entries(names));
  return ([first]: readonly PropertyKey[]): string => byPath.get(String(first)) ?? String(first);
}

function refuseDevelopment(settings: SubgraphSettings, names: ReturnType<typeof namesFor>): void {
  if (settings.demonstrationData) {
    throw refused(
      names.demonstrationData,
      'asks for demonstration data, whose passwords anybody knows',
    );
  }
  if (settings.identityKeys.some(isDevelopmentKey)) {
    throw refused(names.identityKeys, 'is the development key, which anybody knows');
  }
}

function refused(name: string, why: string): StartupError {
  return new StartupError(
    'SETTING_INVALID',
    `${name} ${why}.`,
    'Correct it in the environment, or leave production: NODE_ENV=development.',
  );
}
