import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { defaultDrainDelayMs, refuseLongDrain } from '../../common/drain-times.ts';
import { messageOf, StartupError } from '../../common/errors.ts';
import { type Environment, parseSettings, variable } from '../../common/settings.ts';
import { accessTokensSection } from './access-tokens.ts';
import { accessSection } from './access.ts';
import { callsSection } from './calls.ts';
import { corsSection, loopbackOrigins } from './cors.ts';
import { landingPagesSection } from './landing-pages.ts';
import { limitsSection } from './limits.ts';
import { persistedDocumentsSection } from './persisted-documents.ts';
import { planCacheSection } from './plan-cache.ts';
import { rateLimitsSection } from './rate-limits.ts';
import { serverSection } from './server.ts';
import { subgraphsSection, variableNameOf } from './subgraphs.ts';
import { supergraphSection } from './supergraph.ts';
import { telemetrySection } from './telemetry.ts';
import { refuseUnknownVariables } from './unknown-variables.ts';

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
const variables: ReadonlyMap<string, readonly [section: Section, setting: string]> = new Map([
  ['HOST', ['server', 'host']],
  ['GATEWAY_PORT', ['server', 'port']],
  ['MAX_CONNECTIONS', ['server', 'maxConnections']],
  ['BODY_LIMIT_BYTES', ['server', 'bodyLimitBytes']],
  ['REQUEST_TIMEOUT_MS', ['server', 'requestTimeoutMs']],
  ['HSTS_MAX_AGE_SECONDS', ['server', 'hstsMaxAgeSeconds']],
  ['CORS_ORIGINS', ['cors', 'origins']],
  ['CORS_CREDENTIALS', ['cors', 'credentials']],
  ['CORS_MAX_AGE_SECONDS', ['cors', 'maxAgeSeconds']],
  ['DIRECT_LANE_ENABLED', ['server', 'directLane']],
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

const perSubgraph =
  /^SUBGRAPH_([A-Z0-9_]+)_(URL|IDENTITY_KEY|PIPELINING|TIMEOUT_MS|MAX_IN_FLIGHT)$/;
const perSubgraphSettings = new Map([
  ['URL', 'url'],
  ['IDENTITY_KEY', 'identityKey'],
  ['TIMEOUT_MS', 'timeoutMs'],
  ['MAX_IN_FLIGHT', 'maxInFlight'],
  ['PIPELINING', 'pipelining'],
]);

const sections = [
  'server',
  'cors',
  'limits',
  'rateLimits',
  'persistedDocuments',
  'supergraph',
  'subgraphs',
  'calls',
  'planCache',
  'accessTokens',
  'access',
  'landingPages',
  'telemetry',
] as const;
type Section = (typeof sections)[number];

type Values = Map<string, unknown>;

/**
 * The settings of a gateway: the YAML file that `GATEWAY_CONFIG` names, if any, and the environment over it. The file
 * has the sections of this schema; under `subgraphs.each` it may write subgraphs by their own names. Throws a
 * StartupError that names every unknown, missing or malformed setting, and in production each one that is refused.
 */
export function loadGatewayConfig(environment: Environment): GatewayConfig {
  const mode = variable(environment, 'NODE_ENV') === 'production' ? 'production' : 'development';
  const values = readFile(variable(environment, 'GATEWAY_CONFIG'));
  overlay(values, environment);
  refuseUnknownVariables(environment, (name) => variables.has(name) || perSubgraph.test(name));
  const pages = sectionOf(values, 'landingPages');
  for (const page of ['sandbox', 'graphiql']) {
    if (!pages.has(page)) pages.set(page, mode === 'development');
  }
  const server = sectionOf(values, 'server');
  if (!server.has('drainDelayMs')) server.set('drainDelayMs', defaultDrainDelayMs(mode));
  const cors = sectionOf(values, 'cors');
  if (!cors.has('origins')) cors.set('origins', mode === 'development' ? loopbackOrigins : []);
  const plain = Object.fromEntries([...values].map(([name, value]) => [name, toPlain(value)]));
  const config = parseSettings(schema, { ...plain, mode }, nameOf);
  if (config.mode === 'production') refuseDevelopmentPages(config);
  refuseLongDrain(config.server);
  return config;
}

function readFile(path: string | undefined): Values {
  if (path === undefined) return new Map();
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw unusableFile(path, `cannot be read: ${messageOf(error).split('\n', 1).join()}`, error);
  }
  if (content === null) return new Map();
  if (!isMapping(content)) throw unusableFile(path, 'does not hold a mapping');
  if (Object.hasOwn(content, 'mode'))
    throw unusableFile(path, 'sets "mode", which NODE_ENV decides');
  const values: Values = new Map(Object.entries(content));
  for (const section of sections) nest(values, section, path);
  const subgraphs = sectionOf(values, 'subgraphs');
  if (nest(subgraphs, 'each', path)) {
    const each = [...sectionOf(subgraphs, 'each')];
    subgraphs.set('each', new Map(each.map(([name, value]) => [variableNameOf(name), value])));
    for (const [name] of each) nest(sectionOf(subgraphs, 'each'), variableNameOf(name), path);
  }
  return values;
}

/** Makes a map of a mapping of the file, so that variables can be laid over it. False when there is none. */
function nest(values: Values, name: string, path: string): boolean {
  const value = values.get(name);
  if (value === undefined || value === null) {
    values.delete(name);
    return false;
  }
  if (!isMapping(value)) throw unusableFile(path, `has something else than a mapping as "${name}"`);
  values.set(name, new Map(Object.entries(value)));
  return true;
}

function overlay(values: Values, environment: Environment): void {
  for (const [name, [section, setting]] of variables) {
    const value = variable(environment, name);
    if (value !== undefined) sectionOf(values, section).set(setting, value);
  }
  for (const name of Object.keys(environment)) {
    if (variables.has(name)) continue;
    const [, subgraph, suffix = ''] = perSubgraph.exec(name) ?? [];
    const setting = perSubgraphSettings.get(suffix);
    const value = variable(environment, name);
    if (subgraph === undefined || setting === undefined || value === undefined) continue;
    const each = sectionOf(sectionOf(values, 'subgraphs'), 'each');
    sectionOf(each, subgraph).set(setting, value);
  }
}

/** A nested mapping, made when it is absent. */
function sectionOf(values: Values, name: string): Values {
  const known = values.get(name);
  if (known instanceof Map) return known as Values;
  const made: Values = new Map();
  values.set(name, made);
  return made;
}

function toPlain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(
    [...(value as Values)].map(([name, member]) => [name, toPlain(member)]),
  );
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Operators know most settings by their variable; those that only a file can set, by their path in it. */
function nameOf(path: readonly PropertyKey[]): string {
  const [section, setting, subgraph, detail] = path.map(String);
  if (section === 'subgraphs' && setting === 'each' && subgraph !== undefined) {
    for (const [suffix, itsSetting] of perSubgraphSettings)
      if (itsSetting === detail) return `SUBGRAPH_${subgraph}_${suffix}`;
    return `SUBGRAPH_${subgraph}`;
  }
  for (const [name, [itsSection, itsSetting]] of variables) {
    if (itsSection === section && itsSetting === setting) return name;
  }
  return path.length === 0 ? 'the file of GATEWAY_CONFIG' : path.map(String).join('.');
}

function refuseDevelopmentPages({ landingPages }: GatewayConfig): void {
  const refused = [
    landingPages.sandbox ? 'SANDBOX_ENABLED' : '',
    landingPages.graphiql ? 'GRAPHIQL_ENABLED' : '',
  ].filter(Boolean);
  if (refused.length === 0) return;
  throw new StartupError(
    'SETTING_INVALID',
    `${refused.join(' and ')} may not be true in production: these pages show the whole schema.`,
    'Leave it out, or leave production: NODE_ENV=development.',
  );
}

function unusableFile(path: string, problem: string, cause?: unknown): StartupError {
  return new StartupError(
    'SETTING_INVALID',
    `GATEWAY_CONFIG: "${path}" ${problem}.`,
    'Correct the file, or unset GATEWAY_CONFIG to go without one.',
    cause === undefined ? undefined : { cause },
  );
}
