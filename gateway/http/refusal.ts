import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import { AppError, errorCatalogue } from '../../common/errors.ts';
import { retryAfterHeader } from './retry-after.ts';

/** Details of a refusal besides its code and message. */
export interface RefusalDetails {
  /** The HTTP status of the whole response. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: Error;
}

/** An error that refuses the whole request: the response has this status and these headers. */
export function refusal(
  code: string,
  message: string,
  { status, headers = {}, cause }: RefusalDetails,
): GraphQLError {
  const http = { status, headers };
  // GraphiQL's types declare `http` too, but not with the type it has here.
  const extensions = { code, http } as unknown as GraphQLErrorExtensions;
  return new GraphQLError(message, { extensions, ...(cause && { originalError: cause }) });
}

/** A body of an unsupported media type. */
export class UnsupportedType extends AppError {
  readonly status = 415;

  constructor(message: string) {
    super('BAD_REQUEST', message);
  }
}

/** The refusal with the status and headers of an AppError's code. */
export function asRefusal(error: AppError): GraphQLError {
  return refusal(error.code, error.message, {
    status: error instanceof UnsupportedType ? error.status : errorCatalogue[error.code].status,
    headers: refusalHeaders(error),
    cause: error,
  });
}

/** The headers of a response that contains only this error. */
export function refusalHeaders({
  code,
  retryAfterSeconds,
}: AppError): Readonly<Record<string, string>> {
  switch (code) {
    case 'UNAUTHENTICATED':
      return { 'www-authenticate': 'Bearer error="invalid_token"' };
    case 'OVERLOADED':
    case 'RATE_LIMITED':
    case 'AUTHENTICATION_UNAVAILABLE':
      return { [retryAfterHeader]: String(retryAfterSeconds ?? 1) };
    default:
      return {};
  }
}
