import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { AppError, errorCatalogue } from '../../common/errors.ts';
import { describeRequestError } from './json-errors.ts';
import {
  failureOf,
  type OperationOutcome,
  type OwnOperation,
  type RunOperation,
} from './own-operation.ts';
import { retryAfterHeader } from './retry-after.ts';

/** A REST endpoint for a mutation that returns a session. */
export interface SessionRoute {
  readonly path: string;
  /** What the body must be, in words for a client that sent something else. */
  readonly expected: string;
  /** The operation for a body; `undefined` for an unexpected body. */
  readonly operationFor: (body: unknown) => OwnOperation | undefined;
  /** The mutation, whose payload has `session { accessToken refreshToken tokenType expiresIn }`; null is a refusal. */
  readonly field: string;
  /** The message for a client that gets no session. */
  readonly refusal: string;
}

const session = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.string(),
  expiresIn: z.number(),
});

const payload = z.object({ session: session.nullable() });

/**
 * Serves REST endpoints for mutations that return a session, for clients that do not use GraphQL. Responses have the
 * names of OAuth 2.0 (RFC 6749 §5.1); an error is `{"error": "…"}`. No response may be stored.
 */
export function serveSessions(
  app: FastifyInstance,
  routes: readonly SessionRoute[],
  run: RunOperation,
): void {
  // In its own scope, so that a body that is not JSON is also answered in the format of these addresses.
  app.register((scope, _options, done) => {
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      if (error instanceof AppError) return refuseEarly(reply, error);
      const status = error.statusCode ?? 500;
      if (status < 500) return refuse(reply, status, describeRequestError(error));
      request.log.error({ err: error }, 'request failed');
      return refuse(reply, status, 'Internal error');
    });
    for (const route of routes) addRoute(scope, route, run);
    done();
  });
}

function addRoute(
  app: FastifyInstance,
  { path, expected, operationFor, field, refusal }: SessionRoute,
  run: RunOperation,
): void {
  app.post(path, async (request, reply) => {
    const operation = operationFor(request.body);
    if (!operation) return refuse(reply, 400, `Expected ${expected}`);
    return answer(reply, await run(request, operation), field, refusal);
  });
}

function answer(
  reply: FastifyReply,
  outcome: OperationOutcome,
  field: string,
  refusal: string,
): FastifyReply {
  const result = payload.safeParse(outcome.data?.[field]);
  if (!result.success) {
    const { status, message, headers } = failureOf(outcome);
    return refuse(reply.headers(headers), status, message);
  }
  const { session: started } = result.data;
  if (!started) return refuse(reply, 401, refusal);
  return reply.header('cache-control', 'no-store').send({
    access_token: started.accessToken,
    refresh_token: started.refreshToken,
    token_type: started.tokenType,
    expires_in: started.expiresIn,
  });
}

/** The operation was not run, for example because of too many requests. */
function refuseEarly(reply: FastifyReply, error: AppError): FastifyReply {
  const { code, message, retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) void reply.header(retryAfterHeader, retryAfterSeconds);
  return refuse(reply, errorCatalogue[code].status, message);
}

function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').send({ error });
}
