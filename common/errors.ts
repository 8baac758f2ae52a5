/**
 * The error catalogue. A code never changes: clients, dashboards and runbooks match on it. `status` is the HTTP status
 * of a response with only this error (GraphQL over HTTP, §6.4); an error of a single field is part of a 200 response.
 * `docs/errors.md` is generated from this table.
 */
export const errorCatalogue = {
  BAD_REQUEST: { status: 400, meaning: 'The HTTP request is not a well-formed GraphQL request.' },
  BAD_USER_INPUT: {
    status: 400,
    meaning: 'An argument has a value that the field does not accept.',
  },
  COST_ESTIMATED_TOO_EXPENSIVE: {
    status: 400,
    meaning:
      'The estimated cost of the operation is over the limit; `extensions.cost` has both figures.',
  },
  OPERATION_TOO_COMPLEX: {
    status: 400,
    meaning: 'Planning the operation would take too many steps.',
  },
  PERSISTED_QUERY_ID_REQUIRED: {
    status: 400,
    meaning: 'Operations must be requested by their id in the manifest of persisted documents.',
  },
  PERSISTED_QUERY_NOT_IN_LIST: {
    status: 400,
    meaning: 'The manifest of persisted documents has no operation with this id.',
  },
  QUERY_NOT_IN_SAFELIST: {
    status: 400,
    meaning: 'Only operations in the manifest of persisted documents are allowed.',
  },
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'The request has no credentials, or invalid ones: log in.',
  },
  FORBIDDEN: { status: 403, meaning: 'The viewer is authenticated, but not allowed to do this.' },
  NOT_FOUND: { status: 404, meaning: 'The address does not exist.' },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The request body is over the limit.' },
  RATE_LIMITED: { status: 429, meaning: 'Too many requests; Retry-After says when to try again.' },
  SUBSCRIPTION_LIMIT: {
    status: 429,
    meaning: 'The viewer has too many open subscriptions; one must end first.',
  },
  SUBSCRIPTION_TOO_SLOW: {
    status: 503,
    meaning: 'A subscription was ended because its events were not read in time.',
  },
  SUBSCRIPTION_TOKEN_EXPIRED: {
    status: 401,
    meaning: 'A subscription was ended with its access token: subscribe again with a new one.',
  },
  SUBSCRIPTION_SESSION_ENDED: {
    status: 401,
    meaning: 'A subscription was ended with its session, for example by a logout: log in again.',
  },
  SUBSCRIPTION_SCHEMA_RELOAD: {
    status: 503,
    meaning: 'A subscription was ended because the schema has changed: subscribe again.',
  },
  SUBSCRIPTION_SERVER_STOPS: {
    status: 503,
    meaning: 'A subscription was ended because the server stops: subscribe again.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'An unexpected error; the log has the cause under the correlation id.',
  },
  OVERLOADED: { status: 503, meaning: 'The service is at its capacity; try again.' },
  AUTHENTICATION_UNAVAILABLE: {
    status: 503,
    meaning: 'Credentials cannot be verified at the moment; try again, or send none.',
  },
  SUBGRAPH_ERROR: { status: 502, meaning: 'A subgraph failed to answer properly.' },
  SUBGRAPH_TIMEOUT: { status: 504, meaning: 'A subgraph did not answer within its deadline.' },
  SETTING_INVALID: {
    status: 500,
    meaning: 'A setting is missing or malformed; the process does not start.',
  },
  PORT_IN_USE: {
    status: 500,
    meaning: 'Another process listens on the port; the process does not start.',
  },
  DATA_DIRECTORY_LOCKED: { status: 500, meaning: 'Another process uses the data directory.' },
  DATA_DIRECTORY_DAMAGED: {
    status: 500,
    meaning: 'The database in the data directory cannot be opened.',
  },
  DATABASE_UNAVAILABLE: { status: 503, meaning: 'The database cannot be reached.' },
  MIGRATION_FAILED: { status: 500, meaning: 'A database migration cannot be applied.' },
  MIGRATIONS_PENDING: {
    status: 500,
    meaning: 'Migrations are pending, and the settings do not allow a start to apply them.',
  },
  SCHEMA_INVALID: {
    status: 500,
    meaning: "A subgraph's schema, resolvers and access table do not match.",
  },
  COMPOSITION_FAILED: { status: 500, meaning: 'The subgraph schemas do not compose.' },
  PERSISTED_DOCUMENTS_INVALID: {
    status: 500,
    meaning: 'The manifest of persisted documents cannot be read; the process does not start.',
  },
  SUPERGRAPH_INVALID: { status: 500, meaning: 'The supergraph schema cannot be loaded.' },
} as const satisfies Record<string, { readonly status: number; readonly meaning: string }>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** The options of an AppError. */
export interface AppErrorOptions extends ErrorOptions {
  /** After how many seconds a retry makes sense; clients see it as `extensions.retryAfterSeconds`. */
  readonly retryAfterSeconds?: number;
}

/** An error whose message is meant for the client; anything else is reported as INTERNAL_SERVER_ERROR. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Reads when to try again from an error of another service: whole seconds, at most an hour. */
export function readRetryAfterSeconds(
  error: { readonly retryAfterSeconds?: unknown } | undefined,
): number | undefined {
  const seconds = error?.retryAfterSeconds;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1) return undefined;
  return Math.min(seconds, 3_600);
}

/**
 * A reason why the process must not start. The message is one line that says what is wrong, and `advice` says what to
 * do. The process prints both without a stack, and exits with code 1.
 */
export class StartupError extends AppError {
  readonly advice: string;

  constructor(code: ErrorCode, message: string, advice: string, options?: ErrorOptions) {
    super(code, message, options);
    this.name = 'StartupError';
    this.advice = advice;
  }
}

/** True for a code of the catalogue. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCatalogue, code);
}

/** The message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The message of any thrown value, ending with a full stop. */
export function messageWithFullStop(thrown: unknown): string {
  const message = messageOf(thrown);
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}
