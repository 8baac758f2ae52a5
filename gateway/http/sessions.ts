import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError, errorCatalogue, isErrorCode } from '../../common/errors.ts';
import { describeRequestError } from './json-errors.ts';
import { retryAfterHeader, retryAfterOf } from './retry-after.ts';

/** The addresses of the REST doors. */
export const sessionPaths: ReadonlySet<string> = new Set(['/login', '/refresh']);

/** Runs an operation as a viewer without credentials, on behalf of a request. */
export type RunAnonymously = (
  request: FastifyRequest,
  operation: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
) => Promise<OperationOutcome>;

/** What came of an operation. */
export interface OperationOutcome {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

const sessionSelection = `{
    session { accessToken refreshToken tokenType expiresIn }
    userErrors { code message path }
  }`;

const loginMutation = `mutation Login($input: LoginInput!) {
  login(input: $input) ${sessionSelection}
}`;

const refreshMutation = `mutation Refresh($input: RefreshTokenInput!) {
  refreshToken(input: $input) ${sessionSelection}
}`;

const loginBody = z.object({
  username: z.string().min(1).max(320),
  password: z.string().min(1).max(1024),
});

const refreshBody = z.object({ refresh_token: z.string().min(1).max(4096) });

const session = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.string(),
  expiresIn: z.number(),
});

const payload = z.object({ session: session.nullable() });

/**
 * The REST doors to the graph's `login` and `refreshToken`, for clients that do not speak GraphQL. The answers have
 * the names of OAuth 2.0 (RFC 6749 §5.1); an error is `{"error": "…"}`. Neither answer may be stored.
 */
export function serveSessions(app: FastifyInstance, run: RunAnonymously): void {
  // A scope of its own, so that a body that is no JSON is also answered in the form of these addresses.
  app.register((scope, _options, done) => {
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      if (error instanceof AppError) return refuseEarly(reply, error);
      const status = error.statusCode ?? 500;
      if (status < 500) return refuse(reply, status, describeRequestError(error));
      request.log.error({ err: error }, 'request failed');
      return refuse(reply, status, 'Internal error');
    });
    addRoutes(scope, run);
    done();
  });
}

function addRoutes(app: FastifyInstance, run: RunAnonymously): void {
  app.post('/login', async (request, reply) => {
    const body = loginBody.safeParse(request.body);
    if (!body.success) {
      return refuse(reply, 400, 'Expected {"username": "…", "password": "…"}');
    }
    const { username: email, password } = body.data;
    const outcome = await run(request, {
      query: loginMutation,
      variables: { input: { email, password } },
    });
    return answer(reply, outcome, 'login', 'Invalid credentials');
  });

  app.post('/refresh', async (request, reply) => {
    const body = refreshBody.safeParse(request.body);
    if (!body.success) return refuse(reply, 400, 'Expected {"refresh_token": "…"}');
    const outcome = await run(request, {
      query: refreshMutation,
      variables: { input: { refreshToken: body.data.refresh_token } },
    });
    return answer(reply, outcome, 'refreshToken', 'Invalid refresh token');
  });
}

function answer(
  reply: FastifyReply,
  { data, errors }: OperationOutcome,
  field: string,
  refusal: string,
): FastifyReply {
  const result = payload.safeParse(data?.[field]);
  if (!result.success) return refuseFailed(reply, errors?.[0]);
  const { session: started } = result.data;
  if (!started) return refuse(reply, 401, refusal);
  return reply.header('cache-control', 'no-store').send({
    access_token: started.accessToken,
    refresh_token: started.refreshToken,
    token_type: started.tokenType,
    expires_in: started.expiresIn,
  });
}

/** The operation itself failed: told in its own words, which the error formatter has made fit to be told. */
function refuseFailed(
  reply: FastifyReply,
  error: NonNullable<OperationOutcome['errors']>[number] | undefined,
): FastifyReply {
  const code = error?.extensions?.code;
  const known = isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR';
  const { status } = errorCatalogue[known];
  const comeBack = (error && retryAfterOf([error])) ?? (status === 503 ? '1' : undefined);
  if (comeBack !== undefined) void reply.header(retryAfterHeader, comeBack);
  return refuse(reply, status, error?.message ?? 'Internal error');
}

/** Too many requests, say: the operation was not run. */
function refuseEarly(reply: FastifyReply, error: AppError): FastifyReply {
  const { code, message, retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) void reply.header(retryAfterHeader, retryAfterSeconds);
  return refuse(reply, errorCatalogue[code].status, message);
}

function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').send({ error });
}
