/**
 * Variables that once set a key of the settings file, by name. A start on one of them is refused with that key: who had
 * set it meant something by it.
 */
export const removedVariables: ReadonlyMap<string, string> = new Map([
  ['MAX_CONNECTIONS', 'server.maxConnections'],
  ['BODY_LIMIT_BYTES', 'server.bodyLimitBytes'],
  ['BODIES_MAX_BYTES', 'server.bodiesMaxBytes'],
  ['REQUESTS_MIN_IN_FLIGHT', 'server.minInFlight'],
  ['REQUESTS_MAX_IN_FLIGHT', 'server.maxInFlight'],
  ['REQUEST_TIMEOUT_MS', 'server.requestTimeoutMs'],
  ['HSTS_MAX_AGE_SECONDS', 'server.hstsMaxAgeSeconds'],
  ['CORS_CREDENTIALS', 'cors.credentials'],
  ['CORS_MAX_AGE_SECONDS', 'cors.maxAgeSeconds'],
  ['DRAIN_DELAY_MS', 'server.drainDelayMs'],
  ['DRAIN_TIMEOUT_MS', 'server.drainTimeoutMs'],
  ['OPERATION_MAX_TOKENS', 'limits.maxTokens'],
  ['OPERATION_MAX_DEPTH', 'limits.maxDepth'],
  ['OPERATION_MAX_NESTING', 'limits.maxNesting'],
  ['OPERATION_MAX_ALIASES', 'limits.maxAliases'],
  ['OPERATION_MAX_ROOT_FIELDS', 'limits.maxRootFields'],
  ['OPERATION_MAX_DIRECTIVES', 'limits.maxDirectives'],
  ['OPERATION_MAX_SELECTIONS', 'limits.maxSelections'],
  ['OPERATION_MAX_REPEATED_FIELDS', 'limits.maxRepeatedFields'],
  ['DOCUMENT_MAX_OPERATIONS', 'limits.maxOperations'],
  ['LIST_ARGUMENT_MAX', 'limits.maxListArgument'],
  ['INPUT_MAX_DEPTH', 'limits.maxInputDepth'],
  ['MUTATIONS_ONCE_PER_OPERATION', 'limits.oncePerOperation'],
  ['COST_MODE', 'limits.costMode'],
  ['COST_MAX', 'limits.costMax'],
  ['COST_LIST_SIZE', 'limits.costListSize'],
  ['COST_SHOWN', 'limits.costShown'],
  ['RATE_LIMIT_ENABLED', 'rateLimits.enabled'],
  ['RATE_LIMIT_ANONYMOUS_PER_MINUTE', 'rateLimits.anonymousPerMinute'],
  ['RATE_LIMIT_VIEWER_PER_MINUTE', 'rateLimits.viewerPerMinute'],
  ['RATE_LIMIT_SESSIONS_PER_MINUTE', 'rateLimits.sessionsPerMinute'],
  ['RATE_LIMIT_GUARDED_PER_ADDRESS_PER_MINUTE', 'rateLimits.guardedPerAddressPerMinute'],
  ['RATE_LIMIT_GUARDED_PER_ACCOUNT_PER_MINUTE', 'rateLimits.guardedPerAccountPerMinute'],
  ['PERSISTED_DOCUMENTS_MODE', 'persistedDocuments.mode'],
  ['PERSISTED_DOCUMENTS_PATH', 'persistedDocuments.path'],
  ['SUPERGRAPH_WATCH', 'supergraph.watch'],
  ['SUBGRAPH_TIMEOUT_MS', 'subgraphs.timeoutMs'],
  ['SUBGRAPH_PIPELINING', 'subgraphs.pipelining'],
  ['SUBGRAPH_SHARING_ENABLED', 'calls.sharing'],
  ['SUBGRAPH_BREAKER_ENABLED', 'calls.breaker'],
  ['SUBGRAPH_BREAKER_FAILURE_PERCENT', 'calls.breakerFailurePercent'],
  ['SUBGRAPH_BREAKER_MIN_CALLS', 'calls.breakerMinCalls'],
  ['SUBGRAPH_BREAKER_WINDOW_MS', 'calls.breakerWindowMs'],
  ['SUBGRAPH_BREAKER_OPEN_MS', 'calls.breakerOpenMs'],
  ['SUBGRAPH_MAX_RETRIES', 'calls.maxRetries'],
  ['SUBGRAPH_RETRY_BUDGET_PERCENT', 'calls.retryBudgetPercent'],
  ['SUBGRAPH_RETRY_MAX_BACKOFF_MS', 'calls.retryMaxBackoffMs'],
  ['SUBGRAPH_IN_FLIGHT_LIMIT_ENABLED', 'calls.inFlightLimit'],
  ['SUBGRAPH_MAX_IN_FLIGHT', 'calls.maxInFlight'],
  ['SUBGRAPH_MAX_WAITING', 'calls.maxWaiting'],
  ['SUBGRAPH_MAX_WAIT_MS', 'calls.maxWaitMs'],
  ['SUBGRAPH_REMAINING_TIME_TOLD', 'calls.tellRemainingTime'],
  ['PLAN_CACHE_MAX_BYTES', 'planCache.maxBytes'],
  ['PLAN_CACHE_WARMED_OPERATIONS', 'planCache.warmedOperations'],
  ['PLAN_CACHE_REPORT_EVERY_MS', 'planCache.reportEveryMs'],
  ['FORWARDED_HEADERS', 'subgraphs.forwardedHeaders'],
  ['ACCESS_TOKEN_MAX_LIFETIME_SECONDS', 'accessTokens.maxLifetimeSeconds'],
  ['ACCESS_ENABLED', 'access.enabled'],
  ['ACCESS_DRY_RUN', 'access.dryRun'],
  ['ACCESS_REJECT_UNAUTHORIZED', 'access.rejectUnauthorized'],
  ['ACCESS_REQUIRE_AUTHENTICATION', 'access.requireAuthentication'],
  ['ACCESS_SESSION_FIELDS', 'access.sessionFields'],
  ['ACCESS_ERRORS_IN', 'access.errorsIn'],
  ['ACCESS_LOG_UNAUTHORIZED', 'access.logUnauthorized'],
  ['SANDBOX_ENABLED', 'landingPages.sandbox'],
  ['GRAPHIQL_ENABLED', 'landingPages.graphiql'],
  ['DATABASE_POOL_MAX', 'database.poolMax'],
  ['DATABASE_CONNECT_TIMEOUT_MS', 'database.connectTimeoutMs'],
  ['DATABASE_STATEMENT_TIMEOUT_MS', 'database.statementTimeoutMs'],
]);

/** Variables that once set something that is not there any more. A start on one of them is refused too. */
export const variablesWithoutSuccessor: ReadonlySet<string> = new Set(['DIRECT_LANE_ENABLED']);

/** The same of those for one subgraph: how they ended, and the key under `subgraphs.each`. */
export const removedPerSubgraph: ReadonlyMap<string, string> = new Map([
  ['TIMEOUT_MS', 'timeoutMs'],
  ['MAX_IN_FLIGHT', 'maxInFlight'],
  ['PIPELINING', 'pipelining'],
]);

const ofOneSubgraph = new RegExp(
  `^SUBGRAPH_([A-Z0-9_]+)_(${[...removedPerSubgraph.keys()].join('|')})$`,
);

/** The key of the settings file that a variable once set, with the subgraph's name as the variable has it. */
export function keyOfRemoved(name: string): string | undefined {
  const [, subgraph = '', ending = ''] = ofOneSubgraph.exec(name) ?? [];
  const key = removedPerSubgraph.get(ending);
  return (
    removedVariables.get(name) ??
    (key === undefined ? undefined : `subgraphs.each.${writtenAs(subgraph)}.${key}`)
  );
}

/** A subgraph of a variable as a file would write it; either is taken. */
function writtenAs(subgraph: string): string {
  return subgraph.toLowerCase().replaceAll('_', '-');
}
