import { z } from 'zod';
import { developmentIdentityKey, isDevelopmentKey } from '../../common/development-keys.ts';
import { defaultDrainDelayMs, refuseLongDrain } from '../../common/drain-times.ts';
import type { LogLevel } from '../../common/logger.ts';
import {
  likelyMode,
  type Mode,
  readMode,
  requireLoopbackInDevelopment,
} from '../../common/mode.ts';
import {
  refuseUnknownVariables,
  type SettingName,
  variableNameOf,
} from '../../common/setting-names.ts';
import { flag, identityKeys, logLevel, text, wholeNumber } from '../../common/setting-values.ts';
import { type Environment, Faults, parseSettings, variable } from '../../common/settings.ts';

/** The variables of this process: settings are read from here and from nowhere else. */
export const processEnvironment: Environment = process.env;

/** How one subgraph runs. */
export interface SubgraphSettings {
  readonly mode: Mode;
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
  /** Whether migrations that are not applied yet are applied at the start, or end it. */
  readonly migrationsAtStart: MigrationsAtStart;
  readonly logLevel: LogLevel;
}

/** What of a subgraph's definition its settings depend on. */
export interface SubgraphWithSettings {
  readonly name: string;
  readonly port: number;
  readonly checkSettings?: (environment: Environment, mode: Mode) => unknown;
}

/** What a start does about migrations that are not applied yet. */
export type MigrationsAtStart = 'run' | 'refuse';

/** Where the data of a process lives: `databaseUrl` wins over `dataDir`. */
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
  drainDelayMs: wholeNumber(0, 17_999),
  drainTimeoutMs: wholeNumber(1, 18_000),
  migrationsAtStart: z.enum(['run', 'refuse'], {
    error: ({ input }) => `takes run or refuse, not ${JSON.stringify(input)}`,
  }),
  logLevel,
});

const databaseSchema = z.strictObject({
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/, error: 'takes a postgres:// URL' }).optional(),
  dataDir: text,
  poolMax: wholeNumber(1, 1_000),
  connectTimeoutMs: wholeNumber(1, 60_000),
  statementTimeoutMs: wholeNumber(1, 600_000),
});

/**
 * The settings of one subgraph from the environment: `<NAME>_PORT`, `SUBGRAPH_<NAME>_IDENTITY_KEY`, `HOST`, `DEMO_DATA`,
 * `DRAIN_DELAY_MS`, `DRAIN_TIMEOUT_MS`, `MIGRATIONS_AT_START`, `LOG_LEVEL`, `NODE_ENV`. Throws a SettingsError with each
 * bad or unknown one, those that it checks itself included, and with each that is refused: in production demonstration
 * data and a missing or a development key, in development an address that other machines reach.
 */
export function loadSubgraphSettings(
  subgraph: SubgraphWithSettings,
  environment: Environment,
): SubgraphSettings {
  const faults = new Faults();
  faults.collect(() => {
    refuseUnknownVariables(environment, [subgraph.name]);
  });
  faults.collect(() => readMode(environment));
  const likely = likelyMode(environment);
  const mode = likely ?? 'development';
  const names = namesFor(subgraph.name);
  const developmentKey = mode === 'development' ? developmentIdentityKey(subgraph.name) : undefined;
  const host = variable(environment, names.host) ?? '127.0.0.1';
  faults.collect(() => {
    requireLoopbackInDevelopment(likely, { name: names.host, host });
  });
  const settings = faults.collect(() =>
    parseSettings(
      subgraphSchema,
      {
        mode,
        host,
        port: variable(environment, names.port) ?? subgraph.port,
        identityKeys: variable(environment, names.identityKeys) ?? developmentKey,
        demonstrationData:
          variable(environment, names.demonstrationData) ?? String(mode === 'development'),
        drainDelayMs: variable(environment, names.drainDelayMs) ?? defaultDrainDelayMs(mode),
        drainTimeoutMs: variable(environment, names.drainTimeoutMs) ?? 10_000,
        migrationsAtStart: variable(environment, names.migrationsAtStart) ?? 'run',
        logLevel: variable(environment, names.logLevel) ?? 'info',
      },
      nameFrom(names),
    ),
  );
  if (settings)
    faults.collect(() => {
      refuseLongDrain(settings);
    });
  faults.collect(() => subgraph.checkSettings?.(environment, mode));
  if (mode === 'production') faults.add(refusedInProduction(environment, names));
  return faults.settle(settings);
}

/**
 * Where the data lives, from the environment: `DATABASE_URL`, else `DATA_DIR`. Throws a SettingsError with each bad or
 * unknown setting; in production also without `DATABASE_URL`.
 */
export function loadDatabaseSettings(environment: Environment): DatabaseSettings {
  const faults = new Faults();
  faults.collect(() => {
    refuseUnknownVariables(environment);
  });
  faults.collect(() => readMode(environment));
  const databaseUrl = variable(environment, databaseNames.databaseUrl);
  const settings = faults.collect(() =>
    parseSettings(
      databaseSchema,
      {
        databaseUrl,
        dataDir: variable(environment, databaseNames.dataDir) ?? '.data',
        poolMax: variable(environment, databaseNames.poolMax) ?? 10,
        connectTimeoutMs: variable(environment, databaseNames.connectTimeoutMs) ?? 5_000,
        statementTimeoutMs: variable(environment, databaseNames.statementTimeoutMs) ?? 5_000,
      },
      nameFrom(databaseNames),
    ),
  );
  if (likelyMode(environment) === 'production' && databaseUrl === undefined) {
    faults.add(['DATABASE_URL is missing: production runs on a PostgreSQL server']);
  }
  return faults.settle(settings);
}

const databaseNames = {
  databaseUrl: 'DATABASE_URL',
  dataDir: 'DATA_DIR',
  poolMax: 'DATABASE_POOL_MAX',
  connectTimeoutMs: 'DATABASE_CONNECT_TIMEOUT_MS',
  statementTimeoutMs: 'DATABASE_STATEMENT_TIMEOUT_MS',
} as const satisfies Record<string, SettingName>;

const sharedNames = {
  mode: 'NODE_ENV',
  host: 'HOST',
  demonstrationData: 'DEMO_DATA',
  drainDelayMs: 'DRAIN_DELAY_MS',
  drainTimeoutMs: 'DRAIN_TIMEOUT_MS',
  migrationsAtStart: 'MIGRATIONS_AT_START',
  logLevel: 'LOG_LEVEL',
} as const satisfies Record<string, SettingName>;

/** The variables that every subgraph reads, without its port and its key. */
export const subgraphVariables: readonly SettingName[] = [
  ...Object.values(sharedNames),
  ...Object.values(databaseNames),
];

function namesFor(subgraph: string) {
  const name = variableNameOf(subgraph);
  return {
    ...sharedNames,
    port: `${name}_PORT`,
    identityKeys: `SUBGRAPH_${name}_IDENTITY_KEY`,
  } as const;
}

function nameFrom(names: Readonly<Record<string, string>>) {
  const byPath = new Map(Object.entries(names));
  return ([first]: readonly PropertyKey[]): string => byPath.get(String(first)) ?? String(first);
}

function refusedInProduction(
  environment: Environment,
  names: ReturnType<typeof namesFor>,
): readonly string[] {
  const faults: string[] = [];
  if (variable(environment, names.demonstrationData) === 'true') {
    faults.push(
      `${names.demonstrationData} asks for demonstration data, whose passwords anybody knows; production takes none`,
    );
  }
  const keys = variable(environment, names.identityKeys)?.split(',') ?? [];
  if (keys.some((key) => isDevelopmentKey(key.trim()))) {
    faults.push(
      `${names.identityKeys} is the development key, which anybody knows; take a secret one (openssl rand -hex 32)`,
    );
  }
  return faults;
}
