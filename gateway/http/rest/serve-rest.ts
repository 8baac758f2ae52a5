import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError, errorCatalogue } from '../../../common/errors.ts';
import { describeRequestError } from '../json-errors.ts';
import { varyOnViewer } from '../pipeline/respond.ts';
import { refusalHeaders } from '../refusal.ts';
import type { AnswerRoute, AnyInput } from './answer-route.ts';
import { type Problem, sendProblem } from './problem.ts';
import type { RestRoute, UserError } from './rest-route.ts';

/** Serves routes to clients that do not use GraphQL. Failures are problems (RFC 9457). */
export function serveRest(
  app: FastifyInstance,
  routes: readonly RestRoute[],
  answerOf: (route: RestRoute) => AnswerRoute,
): void {
  // In its own scope, so that refusals before routing also have this format.
  app.register((scope, _options, done) => {
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      if (!(error instanceof AppError)) return sendProblem(reply, problemOfHttp(error, request));
      const { code, message: detail } = error;
      const { status } = errorCatalogue[code];
      return sendProblem(reply, { status, code, detail, headers: refusalHeaders(error) });
    });
    for (const route of routes) addRoute(scope, route, answerOf(route));
    for (const [path, methods] of methodsByPath(routes)) refuseOtherMethods(scope, path, methods);
    done();
  });
}

function addRoute(app: FastifyInstance, route: RestRoute, answer: AnswerRoute): void {
  const { method, path } = route;
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
    const answered = await answer(request, read.input);
    if ('detail' in answered) return sendProblem(reply, answered);
    void reply
      .code(answered.status)
      .headers({ 'cache-control': 'no-store', vary: varyOnViewer, ...answered.headers });
    return reply.send(answered.body);
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
