import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { AppError, errorCatalogue, type ErrorCode, messageOf } from '../../common/errors.ts';
import type { Exchange } from './exchange.ts';
import { refusalHeaders } from './refusal.ts';

/** The body of a response that contains only an error. */
export interface ErrorBody {
  readonly errors: readonly [
    {
      readonly message: string;
      readonly extensions: { readonly code: ErrorCode; readonly retryAfterSeconds?: number };
    },
  ];
}

/** An error in the form of a GraphQL response, for requests that never reached GraphQL. */
export function toErrorBody(code: ErrorCode, message: string): ErrorBody {
  return { errors: [{ message, extensions: { code } }] };
}

/** Responds with an error before the routes. */
export function answerError(
  exchange: Exchange,
  {
    code,
    message,
    status = errorCatalogue[code].status,
    headers = [],
  }: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly status?: number;
    readonly headers?: readonly string[];
  },
): void {
  const body = JSON.stringify(toErrorBody(code, message));
  exchange.answer(status, [...headers, 'content-type', 'application/json; charset=utf-8'], body);
}

/** Responds to each refused or failed request with JSON: no page, no stack. */
export function answerErrorsAsJson(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) =>
    sendError(reply, 'NOT_FOUND', 'This address does not exist.'),
  );
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof AppError) return sendAppError(reply, error);
    const status = error.statusCode ?? 500;
    if (status === 413) return sendError(reply, 'PAYLOAD_TOO_LARGE', tooLarge(app));
    if (status < 500) return sendError(reply, 'BAD_REQUEST', describeRequestError(error), status);
    request.log.error({ err: error }, 'request failed');
    return sendError(reply, 'INTERNAL_SERVER_ERROR', 'Internal error');
  });
}

/** Sends an error with everything that its code requires: status, headers, and when to try again. */
function sendAppError(reply: FastifyReply, error: AppError): FastifyReply {
  const { code, message, retryAfterSeconds } = error;
  const extensions = { code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  const body: ErrorBody = { errors: [{ message, extensions }] };
  return reply
    .code(errorCatalogue[code].status)
    .headers(refusalHeaders(error))
    .type('application/json; charset=utf-8')
    .send(body);
}

/** Sends an error with the status in the catalogue, unless another is given. */
export function sendError(
  reply: FastifyReply,
  code: ErrorCode,
  message: string,
  status: number = errorCatalogue[code].status,
): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(toErrorBody(code, message));
}

function tooLarge(app: FastifyInstance): string {
  return `The body may have ${app.initialConfig.bodyLimit ?? 0} bytes.`;
}

/**
 * What is wrong with a request, in words for its client. A parser's own message would quote the body, so it is
 * replaced.
 */
export function describeRequestError(error: FastifyError): string {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'The body must be application/json.';
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return 'The body is empty; JSON was expected.';
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return 'The body is not valid JSON.';
    default:
      return error.name === 'SyntaxError' ? 'The body is not valid JSON.' : messageOf(error);
  }
}
