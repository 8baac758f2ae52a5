import { AppError } from '../../common/errors.ts';

/** The longest accepted `Authorization` header. */
const bearerHeaderMaxBytes = 8 * 1024;

const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/**
 * The token of an `Authorization` header (RFC 6750 §2.1); `undefined` when there is no header. Throws the
 * UNAUTHENTICATED error for any other scheme, a malformed or an oversized header.
 */
export function readBearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  if (authorization.length > bearerHeaderMaxBytes) throw invalidCredentials('header too long');
  const [, token] = bearer.exec(authorization) ?? [];
  if (token === undefined) throw invalidCredentials('no bearer token');
  return token;
}

/** The one error for invalid credentials. `reason` is for the log: the client must not learn which check failed. */
export function invalidCredentials(reason: string, cause?: unknown): AppError {
  return new AppError('UNAUTHENTICATED', 'The credentials are not valid.', {
    cause: new Error(reason, cause === undefined ? undefined : { cause }),
  });
}
