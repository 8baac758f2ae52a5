/**
 * The catalogue of errors. A code is forever: clients, dashboards and runbooks match on it.
 * `status` is the HTTP status of a response that carries nothing but this error (GraphQL over HTTP, §6.4);
 * an error of a single field travels in a 200 answer. `docs/errors.md` is generated from this table.
 */
export const errorCatalogue = {
  BAD_REQUEST: { status: 400, meaning: 'The HTTP request is not a well-formed GraphQL request.' },
  BAD_USER_INPUT: { status: 400, meaning: 'An argument has a value that the field does not take.' },
  COST_ESTIMATED_TOO_EXPENSIVE: {
    status: 400,
    meaning: 'The operation would cost more than one may; `extensions.cost` has both figures.',
  },
  OPERATION_TOO_COMPLEX: {
    status: 400,
    meaning: 'Planning the operation would take more steps than it may.',
  },
  PERSISTED_QUERY_ID_REQUIRED: {
    status: 400,
    meaning: 'Operations are answered only by the id that the manifest of persisted documents has.',
  },
  PERSISTED_QUERY_NOT_IN_LIST: {
    status: 400,
    meaning: 'The manifest of persisted documents has no operation of this id.',
  },
  QUERY_NOT_IN_SAFELIST: {
    status: 400,
    meaning: 'Only operations of the manifest of persisted documents are answered; this is none.',
  },
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'No viewer is known, or the credentials are not valid: log in.',
  },
  FORBIDDEN: { status: 403, meaning: 'The viewer is known and may not do this.' },
  NOT_FOUND: { status: 404, meaning: 'No such address.' },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The request body is over the limit.' },
  RATE_LIMITED: { status: 429, meaning: 'Too many requests; Retry-After says when to come back.' },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'Something unexpected; the log has the cause under the correlation id.',
  },
  OVERLOADED: { status: 503, meaning: 'The service is at its capacity; try again.' },
  AUTHENTICATION_UNAVAILABLE: {
    status: 503,
    meaning: 'Credentials cannot be checked for the moment; try again, or ask without them.',
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
    meaning: 'Migrations are not applied, and the settings do not let a start apply them.',
  },
  SCHEMA_INVALID: {
    status: 500,
    meaning: "A subgraph's schema, resolvers and access table do not fit together.",
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

/** What an error says besides its code and message. */
export interface AppErrorOptions extends ErrorOptions {
  /** After how many seconds it is worth to try again; a client reads it as `extensions.retryAfterSeconds`. */
  readonly retryAfterSeconds?: number;
}

/** An error whose message is meant for whoever asked; anything else is reported as INTERNAL_SERVER_ERROR. */
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

/** What an error on its way from one service to another says about when to try again: whole seconds, an hour at most. */
export function readRetryAfterSeconds(
  told: { readonly retryAfterSeconds?: unknown } | undefined,
): number | undefined {
  const seconds = told?.retryAfterSeconds;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1) return undefined;
  return Math.min(seconds, 3_600);
}

/**
 * A condition under which the process must not start. The message is one line that says what is wrong;
 * `advice` says what to do about it. The process prints both and exits with code 1, without a stack.
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

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The message of anything that was thrown, as the end of a sentence: with one full stop. */
export function endOf(thrown: unknown): string {
  const message = messageOf(thrown);
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}
