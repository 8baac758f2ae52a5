import { z } from 'zod';
import { defaultDrainDelayMs, refuseLongDrain } from '../../common/drain-times.ts';
import {
  likelyMode,
  type Mode,
  readMode,
  requireLoopbackInDevelopment,
} from '../../common/mode.ts';
import {
  perSubgraphEndings,
  refuseUnknownVariables,
  type SettingName,
} from '../../common/setting-names.ts';
import {
  type Environment,
  Faults,
  parseSettings,
  SettingsError,
  variable,
} from '../../common/settings.ts';
import { accessTokensSection } from './access-tokens.ts';
import { accessSection } from './access.ts';
import { callsSection } from './calls.ts';
import { corsSection, loopbackOrigins } from './cors.ts';
import { landingPagesSection } from './landing-pages.ts';
import { limitsSection } from './limits.ts';
import { persistedDocumentsSection } from './persisted-documents.ts';
import { planCacheSection } from './plan-cache.ts';
import { developmentRates, rateLimitsSection } from './rate-limits.ts';
import { serverSection } from './server.ts';
import {
  readSettingsFile,
  sectionOf,
  type SettingsFile,
  toPlain,
  type Values,
} from './settings-file.ts';
import { subgraphsSection } from './subgraphs.ts';
import { supergraphSection } from './supergraph.ts';
import { telemetrySection } from './telemetry.ts';

const schema = z.strictObject({
  mode: z.enum(['development', 'production']),
  server: serverSection.prefault({}),
  cors: corsSection,
  limits: limitsSection.prefault({}),
  rateLimits: rateLimitsSection.prefault({}),
  persistedDocuments: persistedDocumentsSection.prefault({}),
  supergraph: supergraphSection.prefault({}),
  subgraphs: subgraphsSection.prefault({}),
  calls: callsSection.prefault({}),
  planCache: planCacheSection.prefault({}),
  accessTokens: accessTokensSection.prefault({}),
  access: accessSection.prefault({}),
  landingPages: landingPagesSection,
  telemetry: telemetrySection.prefault({}),
});

/** All settings of a gateway: read once, frozen, handed down as arguments. */
export type GatewayConfig = Readonly<z.infer<typeof schema>>;

/** The variables of this process: settings are read from here and from nowhere else. */
export const processEnvironment: Environment = process.env;

/** Which variable sets what. */
const variables: ReadonlyMap<string, readonly [section: Section, setting: string]> = new Map<
  SettingName,
  readonly [section: Section, setting: string]
>([
  ['HOST', ['server', 'host']],
  ['GATEWAY_PORT', ['server', 'port']],
  ['MAX_CONNECTIONS', ['server', 'maxConnections']],
  ['BODY_LIMIT_BYTES', ['server', 'bodyLimitBytes']],
  ['BODIES_MAX_BYTES', ['server', 'bodiesMaxBytes']],
  ['REQUESTS_MIN_IN_FLIGHT', ['server', 'minInFlight']],
  ['REQUESTS_MAX_IN_FLIGHT', ['server', 'maxInFlight']],
  ['REQUEST_TIMEOUT_MS', ['server', 'requestTimeoutMs']],
  ['HSTS_MAX_AGE_SECONDS', ['server', 'hstsMaxAgeSeconds']],
  ['CORS_ORIGINS', ['cors', 'origins']],
  ['CORS_CREDENTIALS', ['cors', 'credentials']],
  ['CORS_MAX_AGE_SECONDS', ['cors', 'maxAgeSeconds']],
  ['DRAIN_DELAY_MS', ['server', 'drainDelayMs']],
  ['DRAIN_TIMEOUT_MS', ['server', 'drainTimeoutMs']],
  ['OPERATION_MAX_TOKENS', ['limits', 'maxTokens']],
  ['OPERATION_MAX_DEPTH', ['limits', 'maxDepth']],
  ['OPERATION_MAX_NESTING', ['limits', 'maxNesting']],
  ['OPERATION_MAX_ALIASES', ['limits', 'maxAliases']],
  ['OPERATION_MAX_ROOT_FIELDS', ['limits', 'maxRootFields']],
  ['OPERATION_MAX_DIRECTIVES', ['limits', 'maxDirectives']],
  ['OPERATION_MAX_SELECTIONS', ['limits', 'maxSelections']],
  ['OPERATION_MAX_REPEATED_FIELDS', ['limits', 'maxRepeatedFields']],
  ['DOCUMENT_MAX_OPERATIONS', ['limits', 'maxOperations']],
  ['LIST_ARGUMENT_MAX', ['limits', 'maxListArgument']],
  ['INPUT_MAX_DEPTH', ['limits', 'maxInputDepth']],
  ['MUTATIONS_ONCE_PER_OPERATION', ['limits', 'oncePerOperation']],
  ['COST_MODE', ['limits', 'costMode']],
  ['COST_MAX', ['limits', 'costMax']],
  ['COST_LIST_SIZE', ['limits', 'costListSize']],
  ['COST_SHOWN', ['limits', 'costShown']],
  ['RATE_LIMIT_ENABLED', ['rateLimits', 'enabled']],
  ['RATE_LIMIT_ANONYMOUS_PER_MINUTE', ['rateLimits', 'anonymousPerMinute']],
  ['RATE_LIMIT_VIEWER_PER_MINUTE', ['rateLimits', 'viewerPerMinute']],
  ['RATE_LIMIT_SESSIONS_PER_MINUTE', ['rateLimits', 'sessionsPerMinute']],
  ['RATE_LIMIT_GUARDED_PER_ADDRESS_PER_MINUTE', ['rateLimits', 'guardedPerAddressPerMinute']],
  ['RATE_LIMIT_GUARDED_PER_ACCOUNT_PER_MINUTE', ['rateLimits', 'guardedPerAccountPerMinute']],
  ['REDIS_URL', ['rateLimits', 'redisUrl']],
  ['TRUSTED_PROXIES', ['rateLimits', 'trustedProxies']],
  ['PERSISTED_DOCUMENTS_MODE', ['persistedDocuments', 'mode']],
  ['PERSISTED_DOCUMENTS_PATH', ['persistedDocuments', 'path']],
  ['SUPERGRAPH_PATH', ['supergraph', 'path']],
  ['SUPERGRAPH_WATCH', ['supergraph', 'watch']],
  ['SUBGRAPH_TIMEOUT_MS', ['subgraphs', 'timeoutMs']],
  ['SUBGRAPH_PIPELINING', ['subgraphs', 'pipelining']],
  ['SUBGRAPH_SHARING_ENABLED', ['calls', 'sharing']],
  ['SUBGRAPH_BREAKER_ENABLED', ['calls', 'breaker']],
  ['SUBGRAPH_BREAKER_FAILURE_PERCENT', ['calls', 'breakerFailurePercent']],
  ['SUBGRAPH_BREAKER_MIN_CALLS', ['calls', 'breakerMinCalls']],
  ['SUBGRAPH_BREAKER_WINDOW_MS', ['calls', 'breakerWindowMs']],
  ['SUBGRAPH_BREAKER_OPEN_MS', ['calls', 'breakerOpenMs']],
  ['SUBGRAPH_MAX_RETRIES', ['calls', 'maxRetries']],
  ['SUBGRAPH_RETRY_BUDGET_PERCENT', ['calls', 'retryBudgetPercent']],
  ['SUBGRAPH_RETRY_MAX_BACKOFF_MS', ['calls', 'retryMaxBackoffMs']],
  ['SUBGRAPH_IN_FLIGHT_LIMIT_ENABLED', ['calls', 'inFlightLimit']],
  ['SUBGRAPH_MAX_IN_FLIGHT', ['calls', 'maxInFlight']],
  ['SUBGRAPH_MAX_WAITING', ['calls', 'maxWaiting']],
  ['SUBGRAPH_MAX_WAIT_MS', ['calls', 'maxWaitMs']],
  ['SUBGRAPH_REMAINING_TIME_TOLD', ['calls', 'tellRemainingTime']],
  ['PLAN_CACHE_MAX_BYTES', ['planCache', 'maxBytes']],
  ['PLAN_CACHE_WARMED_OPERATIONS', ['planCache', 'warmedOperations']],
  ['PLAN_CACHE_REPORT_EVERY_MS', ['planCache', 'reportEveryMs']],
  ['FORWARDED_HEADERS', ['subgraphs', 'forwardedHeaders']],
  ['ACCESS_TOKEN_ISSUER', ['accessTokens', 'issuer']],
  ['ACCESS_TOKEN_AUDIENCE', ['accessTokens', 'audience']],
  ['ACCESS_TOKEN_MAX_LIFETIME_SECONDS', ['accessTokens', 'maxLifetimeSeconds']],
  ['JWKS_URL', ['accessTokens', 'jwksUrl']],
  ['ACCESS_ENABLED', ['access', 'enabled']],
  ['ACCESS_DRY_RUN', ['access', 'dryRun']],
  ['ACCESS_REJECT_UNAUTHORIZED', ['access', 'rejectUnauthorized']],
  ['ACCESS_REQUIRE_AUTHENTICATION', ['access', 'requireAuthentication']],
  ['ACCESS_SESSION_FIELDS', ['access', 'sessionFields']],
  ['ACCESS_ERRORS_IN', ['access', 'errorsIn']],
  ['ACCESS_LOG_UNAUTHORIZED', ['access', 'logUnauthorized']],
  ['SANDBOX_ENABLED', ['landingPages', 'sandbox']],
  ['GRAPHIQL_ENABLED', ['landingPages', 'graphiql']],
  ['LOG_LEVEL', ['telemetry', 'logLevel']],
]);

const perSubgraph = new RegExp(`^SUBGRAPH_([A-Z0-9_]+)_(${perSubgraphEndings.join('|')})$`);
const perSubgraphSettings: ReadonlyMap<string, string> = new Map<
  (typeof perSubgraphEndings)[number],
  string
>([
  ['URL', 'url'],
  ['IDENTITY_KEY', 'identityKey'],
  ['TIMEOUT_MS', 'timeoutMs'],
  ['MAX_IN_FLIGHT', 'maxInFlight'],
  ['PIPELINING', 'pipelining'],
]);

type Section = Exclude<keyof typeof schema.shape, 'mode'>;

/** The variables that a gateway reads, without those of each subgraph. */
export const gatewayVariables: readonly string[] = [
  'NODE_ENV',
  'GATEWAY_CONFIG',
  ...variables.keys(),
];

/**
 * The settings of a gateway: the YAML file that `GATEWAY_CONFIG` names, if any, and the environment over it. The file
 * has the sections of this schema; under `subgraphs.each` it may write subgraphs by their own names. Throws a
 * SettingsError with every unknown, missing or malformed setting, and each one that is refused in this mode.
 */
export function loadGatewayConfig(environment: Environment): GatewayConfig {
  const faults = new Faults();
  faults.collect(() => {
    refuseUnknownVariables(environment);
  });
  faults.collect(() => readMode(environment));
  const mode = likelyMode(environment);
  const path = variable(environment, 'GATEWAY_CONFIG');
  const file = path === undefined ? undefined : faults.collect(() => readFrom(path));
  const values = file?.values ?? new Map<string, unknown>();
  const setBy = overlay(values, environment);
  setDefaultsOf(mode ?? 'development', values);
  const settings = { ...(toPlain(values) as object), mode: mode ?? 'development' };
  const nameOf = (at: readonly PropertyKey[]): string => nameIn({ path, file, setBy }, at);
  const config = faults.collect(() => parseSettings(schema, settings, nameOf));
  if (config)
    faults.collect(() => {
      refuseInMode(mode, config, nameOf);
    });
  if (config)
    faults.collect(() => {
      refuseLongDrain(config.server);
    });
  return faults.settle(config);
}

function readFrom(path: string): SettingsFile {
  const sections = Object.keys(schema.shape).filter((name) => name !== 'mode');
  return readSettingsFile(path, sections);
}

/** Lays variables over values, and gives the name of each by its path. */
function overlay(values: Values, environment: Environment): ReadonlyMap<string, string> {
  const setBy = new Map<string, string>();
  const set = (name: string, section: Values, path: readonly string[]): void => {
    const value = variable(environment, name);
    if (value === undefined) return;
    section.set(path.at(-1) ?? '', value);
    setBy.set(path.join('.'), name);
  };
  for (const [name, path] of variables) set(name, sectionOf(values, path[0]), path);
  for (const name of Object.keys(environment)) {
    const [, subgraph, ending = ''] = variables.has(name) ? [] : (perSubgraph.exec(name) ?? []);
    const setting = perSubgraphSettings.get(ending);
    if (subgraph === undefined || setting === undefined) continue;
    if (variable(environment, name) === undefined) continue;
    const each = sectionOf(sectionOf(values, 'subgraphs'), 'each');
    set(name, sectionOf(each, subgraph), ['subgraphs', 'each', subgraph, setting]);
  }
  return setBy;
}

function setDefaultsOf(mode: Mode, values: Values): void {
  const pages = sectionOf(values, 'landingPages');
  for (const page of ['sandbox', 'graphiql']) {
    if (!pages.has(page)) pages.set(page, mode === 'development');
  }
  const server = sectionOf(values, 'server');
  if (!server.has('drainDelayMs')) server.set('drainDelayMs', defaultDrainDelayMs(mode));
  if (mode === 'development') {
    const rates = sectionOf(values, 'rateLimits');
    for (const [name, rate] of developmentRates) if (!rates.has(name)) rates.set(name, rate);
  }
  const cors = sectionOf(values, 'cors');
  if (!cors.has('origins')) cors.set('origins', mode === 'development' ? loopbackOrigins : []);
}

/**
 * Operators know a setting by the variable it came from, or by its path in their file; one that came from nowhere by the
 * variable that would set it.
 */
function nameIn(
  {
    path,
    file,
    setBy,
  }: {
    readonly path: string | undefined;
    readonly file: SettingsFile | undefined;
    readonly setBy: ReadonlyMap<string, string>;
  },
  at: readonly PropertyKey[],
): string {
  const steps = at.map(String);
  const isInFile = file !== undefined && valueAt(file.values, steps) !== undefined;
  const name = setBy.get(steps.join('.')) ?? (isInFile ? undefined : variableOf(steps));
  if (name !== undefined) return name;
  const [section, setting, subgraph = '', ...rest] = steps;
  const written =
    section === 'subgraphs' && setting === 'each'
      ? [section, setting, file?.subgraphs.get(subgraph) ?? subgraph, ...rest]
      : steps;
  return `${path ?? 'GATEWAY_CONFIG'}: ${written.join('.')}`;
}

function variableOf([section, setting]: readonly string[]): string | undefined {
  for (const [name, [itsSection, itsSetting]] of variables) {
    if (itsSection === section && itsSetting === setting) return name;
  }
  return undefined;
}

function valueAt(values: Values, steps: readonly string[]): unknown {
  let at: unknown = values;
  for (const step of steps) at = at instanceof Map ? (at as Values).get(step) : undefined;
  return at;
}

function refuseInMode(
  mode: Mode | undefined,
  { server, landingPages }: GatewayConfig,
  nameOf: (at: readonly PropertyKey[]) => string,
): void {
  requireLoopbackInDevelopment(mode, { name: nameOf(['server', 'host']), host: server.host });
  if (mode !== 'production') return;
  const shown = (['sandbox', 'graphiql'] as const).filter((page) => landingPages[page]);
  if (shown.length === 0) return;
  throw new SettingsError(
    shown.map(
      (page) =>
        `${nameOf(['landingPages', page])} may not be true in production: the page shows the whole schema`,
    ),
  );
}
