import { nearest, nearestWithin } from './nearest.ts';
import { type Environment, isServiceLink, SettingsError, variable } from './settings.ts';

/**
 * Every variable that sets something in any of our processes, so that they can share one `.env`. Each subgraph adds
 * `<NAME>_PORT` and `SUBGRAPH_<NAME>_…` with the endings below.
 */
export const settingNames = [
  'NODE_ENV',
  'HOST',
  'LOG_LEVEL',

  'DATABASE_URL',
  'DATA_DIR',
  'DATABASE_POOL_MAX',
  'DATABASE_CONNECT_TIMEOUT_MS',
  'DATABASE_STATEMENT_TIMEOUT_MS',
  'MIGRATIONS_AT_START',
  'DEMO_DATA',
  'INVENTORY_GRPC_ADDRESS',
  'ACCESS_TOKEN_PRIVATE_KEYS',
  'ACCESS_TOKEN_PRIVATE_KEYS_FILE',

  'GATEWAY_CONFIG',
  'GATEWAY_PORT',
  'MAX_CONNECTIONS',
  'BODY_LIMIT_BYTES',
  'BODIES_MAX_BYTES',
  'REQUESTS_MIN_IN_FLIGHT',
  'REQUESTS_MAX_IN_FLIGHT',
  'REQUEST_TIMEOUT_MS',
  'DRAIN_DELAY_MS',
  'DRAIN_TIMEOUT_MS',
  'HSTS_MAX_AGE_SECONDS',
  'CORS_ORIGINS',
  'CORS_CREDENTIALS',
  'CORS_MAX_AGE_SECONDS',
  'OPERATION_MAX_TOKENS',
  'OPERATION_MAX_DEPTH',
  'OPERATION_MAX_NESTING',
  'OPERATION_MAX_ALIASES',
  'OPERATION_MAX_ROOT_FIELDS',
  'OPERATION_MAX_DIRECTIVES',
  'OPERATION_MAX_SELECTIONS',
  'OPERATION_MAX_REPEATED_FIELDS',
  'DOCUMENT_MAX_OPERATIONS',
  'LIST_ARGUMENT_MAX',
  'INPUT_MAX_DEPTH',
  'MUTATIONS_ONCE_PER_OPERATION',
  'COST_MODE',
  'COST_MAX',
  'COST_LIST_SIZE',
  'COST_SHOWN',
  'RATE_LIMIT_ENABLED',
  'RATE_LIMIT_ANONYMOUS_PER_MINUTE',
  'RATE_LIMIT_VIEWER_PER_MINUTE',
  'RATE_LIMIT_SESSIONS_PER_MINUTE',
  'RATE_LIMIT_GUARDED_PER_ADDRESS_PER_MINUTE',
  'RATE_LIMIT_GUARDED_PER_ACCOUNT_PER_MINUTE',
  'REDIS_URL',
  'TRUSTED_PROXIES',
  'PERSISTED_DOCUMENTS_MODE',
  'PERSISTED_DOCUMENTS_PATH',
  'SUPERGRAPH_PATH',
  'SUPERGRAPH_WATCH',
  'SUBGRAPH_TIMEOUT_MS',
  'SUBGRAPH_PIPELINING',
  'SUBGRAPH_SHARING_ENABLED',
  'SUBGRAPH_BREAKER_ENABLED',
  'SUBGRAPH_BREAKER_FAILURE_PERCENT',
  'SUBGRAPH_BREAKER_MIN_CALLS',
  'SUBGRAPH_BREAKER_WINDOW_MS',
  'SUBGRAPH_BREAKER_OPEN_MS',
  'SUBGRAPH_MAX_RETRIES',
  'SUBGRAPH_RETRY_BUDGET_PERCENT',
  'SUBGRAPH_RETRY_MAX_BACKOFF_MS',
  'SUBGRAPH_IN_FLIGHT_LIMIT_ENABLED',
  'SUBGRAPH_MAX_IN_FLIGHT',
  'SUBGRAPH_MAX_WAITING',
  'SUBGRAPH_MAX_WAIT_MS',
  'SUBGRAPH_REMAINING_TIME_TOLD',
  'FORWARDED_HEADERS',
  'PLAN_CACHE_MAX_BYTES',
  'PLAN_CACHE_WARMED_OPERATIONS',
  'PLAN_CACHE_REPORT_EVERY_MS',
  'ACCESS_TOKEN_ISSUER',
  'ACCESS_TOKEN_AUDIENCE',
  'ACCESS_TOKEN_MAX_LIFETIME_SECONDS',
  'JWKS_URL',
  'ACCESS_ENABLED',
  'ACCESS_DRY_RUN',
  'ACCESS_REJECT_UNAUTHORIZED',
  'ACCESS_REQUIRE_AUTHENTICATION',
  'ACCESS_SESSION_FIELDS',
  'ACCESS_ERRORS_IN',
  'ACCESS_LOG_UNAUTHORIZED',
  'SANDBOX_ENABLED',
  'GRAPHIQL_ENABLED',
] as const;

/** The name of a variable that sets something. */
export type SettingName = (typeof settingNames)[number];

/** How the names of what is set for one subgraph end: `SUBGRAPH_<NAME>_URL`. */
export const perSubgraphEndings = [
  'URL',
  'IDENTITY_KEY',
  'TIMEOUT_MS',
  'MAX_IN_FLIGHT',
  'PIPELINING',
] as const;

/** How a subgraph is written in the names of variables: in capitals, `_` for all that is no letter or digit. */
export function variableNameOf(subgraph: string): string {
  return subgraph.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

/** First words that variables of other tools have too. Such a name is ours by its first two words, if it has three. */
const sharedWords: ReadonlySet<string> = new Set([
  ...['ACCESS', 'BODY', 'DATA', 'HOST', 'HTTP', 'INPUT', 'LIST', 'LOG', 'MAX', 'NODE', 'REDIS'],
  ...['REQUEST', 'REQUESTS'],
]);

const prefixes: ReadonlySet<string> = new Set(settingNames.flatMap(prefixOf));
const names: ReadonlySet<string> = new Set(settingNames);
const ofOneSubgraph = new RegExp(`^SUBGRAPH_[A-Z0-9_]+_(?:${perSubgraphEndings.join('|')})$`);

/** What Kubernetes tells every container about its services, by name; see also `isServiceLink`. */
const ofKubernetes = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)\w*)$/;

/**
 * Throws a SettingsError with each variable that was meant to set something and does not: it begins as our settings do,
 * or is a slip away from one that is not set. `subgraphs` are those that run in this process.
 */
export function refuseUnknownVariables(
  environment: Environment,
  subgraphs: readonly string[] = [],
): void {
  const own = new Set(subgraphs.map(variableNameOf));
  const ports = [...own].map((name) => `${name}_PORT`);
  const known = [...settingNames, ...ports];
  const faults = Object.keys(environment).flatMap((name) => {
    if (names.has(name) || ports.includes(name) || isOfOthers(name, environment)) return [];
    const isOurs = hasPrefix(name, prefixes) || hasPrefix(name, own);
    const meant = isOurs
      ? nearest(name, [...known, ...ofSubgraphIn(name)])
      : nearestWithin(
          name,
          known.filter((setting) => variable(environment, setting) === undefined),
          slipsIn,
        );
    return meant === undefined
      ? []
      : [`${name}: no setting has this name; the nearest is ${meant}`];
  });
  if (faults.length > 0) throw new SettingsError(faults);
}

function isOfOthers(name: string, environment: Environment): boolean {
  return (
    ofOneSubgraph.test(name) ||
    ofKubernetes.test(name) ||
    (name.endsWith('_PORT') && isServiceLink(environment[name] ?? ''))
  );
}

function hasPrefix(name: string, among: ReadonlySet<string>): boolean {
  for (let end = name.indexOf('_'); end > 0; end = name.indexOf('_', end + 1)) {
    if (among.has(name.slice(0, end))) return true;
  }
  return false;
}

function prefixOf(name: string): readonly string[] {
  const [first = '', second = '', third] = name.split('_');
  if (!sharedWords.has(first)) return [first];
  return third === undefined ? [] : [`${first}_${second}`];
}

/** What is set for one subgraph, for each way in which a name that begins with `SUBGRAPH_` can be read. */
function ofSubgraphIn(name: string): readonly string[] {
  const [prefix, ...words] = name.split('_');
  if (prefix !== 'SUBGRAPH') return [];
  return words
    .slice(1)
    .flatMap((_, index) =>
      perSubgraphEndings.map(
        (ending) => `SUBGRAPH_${words.slice(0, index + 1).join('_')}_${ending}`,
      ),
    );
}

/** So many wrong characters are a slip; a short name is soon that of something else. */
function slipsIn(name: string): number {
  return name.length < 8 ? 0 : name.length < 12 ? 1 : 2;
}
