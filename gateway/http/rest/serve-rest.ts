import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError, errorCatalogue } from '../../../common/errors.ts';
import { describeRequestError } from '../json-errors.ts';
import { failureOf, type RunOperation } from '../own-operation.ts';
import { varyOnViewer } from '../pipeline/respond.ts';
import { refusalHeaders } from '../refusal.ts';
import { type Problem, sendProblem } from './problem.ts';
import type { RestInput, RestRoute, UserError } from './rest-route.ts';

type AnyInput = RestInput<never, never, never, never>;

/**
 * Serves operations of the graph to clients that do not use GraphQL: each route runs one document as the viewer of its
 * request, through the same stages as a client's operation. Failures are problems (RFC 9457).
 */
export function serveRest(
  app: FastifyInstance,
  routes: readonly RestRoute[],
  run: RunOperation,
): void {
  // In its own scope, so that refusals before routing also have this format.
  app.register((scope, _options, done) => {
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      if (!(error instanceof AppError)) return sendProblem(reply, problemOfHttp(error, request));
      const { code, message: detail } = error;
      const { status } = errorCatalogue[code];
      return sendProblem(reply, { status, code, detail, headers: refusalHeaders(error) });
    });
    for (const route of routes) addRoute(scope, route, run);
    for (const [path, methods] of methodsByPath(routes)) refuseOtherMethods(scope, path, methods);
    done();
  });
}

function addRoute(app: FastifyInstance, route: RestRoute, run: RunOperation): void {
  const { method, path, document, variablesOf, data: schema, answerOf } = route;
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const read = readInput(route, request);
    if ('faults' in read) {
      return sendProblem(reply, {
        status: 400,
        code: 'BAD_USER_INPUT',
        detail: read.faults.map(({ message }) => message).join(' '),
        errors: read.faults,
      });
    }
    const { input } = read;
    const outcome = await run(request, { query: document, variables: given(variablesOf(input)) });
    const data = schema.safeParse(outcome.data);
    if (!data.success) {
      const { message: detail, ...failure } = failureOf(outcome);
      return sendProblem(reply, { detail, ...failure });
    }
    const answer = answerOf(data.data as never, input);
    if ('detail' in answer) {
      const { status, detail, userErrors } = answer;
      return sendProblem(reply, { status, detail, ...(userErrors && { errors: userErrors }) });
    }
    void reply
      .code(answer.status)
      .headers({ 'cache-control': 'no-store', vary: varyOnViewer, ...answer.headers });
    return reply.send(answer.body);
  };
  app.route({ method, url: fastifyPath(path), exposeHeadRoute: false, handler });
}

/** Reads the whole input of a route, and reports everything that is wrong with it. */
function readInput(
  route: RestRoute,
  { params, query, headers, body }: FastifyRequest,
): { readonly input: AnyInput } | { readonly faults: readonly UserError[] } {
  const faults: UserError[] = [];
  const readBy = (schema: z.ZodType | undefined, where: string, value: unknown): unknown => {
    const read = schema?.safeParse(value);
    if (!read || read.success) return read?.data;
    for (const { path, message } of read.error.issues) {
      const at = [where, ...path.map(String)];
      faults.push({ code: 'INVALID', message: `${at.join('.')}: ${message}.`, path: at });
    }
    return undefined;
  };
  const input = {
    path: readBy(route.pathParameters, 'path', params),
    query: readBy(route.query, 'query', query),
    headers: readBy(route.headers, 'headers', headers),
    body: readBy(route.body, 'body', body),
  } as AnyInput;
  return faults.length > 0 ? { faults } : { input };
}

function problemOfHttp(error: FastifyError, { log }: FastifyRequest): Problem {
  const { statusCode: status = 500 } = error;
  if (status === 413) {
    return { status, code: 'PAYLOAD_TOO_LARGE', detail: 'The body is over the limit.' };
  }
  if (status < 500) return { status, code: 'BAD_REQUEST', detail: describeRequestError(error) };
  log.error({ err: error }, 'request failed');
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', detail: 'Internal error' };
}

/** An undefined variable would count as null. */
function given(variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}

function fastifyPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

type Method = RestRoute['method'];

function methodsByPath(routes: readonly RestRoute[]): ReadonlyMap<string, readonly Method[]> {
  return new Map(
    routes.map(({ path }) => [
      path,
      routes.filter((route) => route.path === path).map(({ method }) => method),
    ]),
  );
}

function refuseOtherMethods(app: FastifyInstance, path: string, methods: readonly Method[]): void {
  const allow = methods.join(', ');
  const refuse = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendProblem(reply, {
      status: 405,
      code: 'BAD_REQUEST',
      detail: `Expected ${allow}.`,
      headers: { allow },
    });
  app.route({
    method: (['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const).filter(
      (method) => !methods.some((served) => served === method),
    ),
    url: fastifyPath(path),
    // Before a body is read: the method is already wrong.
    onRequest: (request, reply) => void refuse(request, reply),
    handler: refuse,
  });
}
