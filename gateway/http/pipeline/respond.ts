import { errorCatalogue } from '../../../common/errors.ts';
import { eventStreamType, sseOf } from '../../../engine/streams/event-formats.ts';
import { compressAnswer } from '../compression.ts';
import { areAllOverloaded, isWithoutData, retryAfterHeader, retryAfterOf } from '../retry-after.ts';
import { isForOneClient, isPublic, removeClientHeaders } from '../shared-answers.ts';
import { defaultType } from './accepted-type.ts';
import type { OperationRequest } from './operation-request.ts';
import type { Answer, OneAnswer } from './stages.ts';

/** What the response to an operation depends on besides the request body. */
export const varyOnViewer = 'authorization, accept, accept-encoding';

/** Sends a response over HTTP (GraphQL over HTTP, §6). Returns a promise only if it has to wait. */
export function respond(request: OperationRequest, answer: Answer): Promise<void> | undefined {
  const { exchange } = request;
  if ('parts' in answer) {
    const headers = ['vary', varyOnViewer, 'content-type', answer.contentType];
    return exchange.answerInParts(headers, answer.parts[Symbol.asyncIterator]());
  }
  if ('stream' in answer) {
    const { eventFormat } = request;
    if (!eventFormat) throw new Error('Expected a client that takes events.');
    const headers = ['vary', varyOnViewer, 'content-type', eventFormat.contentType];
    exchange.answerWithEvents(headers, answer.stream, eventFormat);
    return undefined;
  }
  const { errors, refusal } = answer;
  const isOfHttp = refusal?.isOfHttp === true;
  const contentType = isOfHttp ? defaultType : request.contentType;
  const headers = ['vary', varyOnViewer, 'content-type', contentType];
  if (refusal) for (const text of refusal.headers) headers.push(text);
  if (isForOneClient(exchange.request)) setHeader(headers, 'cache-control', 'no-store');
  else if (!refusal) {
    const control = cacheControlOf(answer);
    headers.push('cache-control', control);
    if (request.isGet && isPublic(control)) removeClientHeaders(exchange.headers);
  }
  if (errors) {
    const comeBack = retryAfterOf(errors);
    if (comeBack !== undefined) setHeader(headers, retryAfterHeader, comeBack);
  }
  const status = statusOf(request, answer);
  const isEvents = contentType === eventStreamType;
  const body = isEvents ? sseOf(answer.json) : isOfHttp ? answer.json : `${answer.json}\n`;
  if (exchange.request.headers['accept-encoding'] === undefined) {
    exchange.answer(status, headers, body);
    return undefined;
  }
  return compressAnswer(exchange, body).then((compressed) => {
    if (compressed) headers.push('content-encoding', compressed.encoding);
    exchange.answer(status, headers, compressed?.bytes ?? body);
  });
}

/** A response without errors may be cached for as long as every part of it. */
function cacheControlOf({ errors, cacheHint }: OneAnswer): string {
  if (errors || !cacheHint || cacheHint.maxAge === 0) return 'no-store';
  return `max-age=${cacheHint.maxAge}, ${cacheHint.scope === 'PRIVATE' ? 'private' : 'public'}`;
}

function statusOf(request: OperationRequest, answer: OneAnswer): number {
  const { errors, hasData, refusal, json } = answer;
  // Clients of event streams read no errors of another status.
  if (!errors || (request.contentType === eventStreamType && refusal?.isOfHttp !== true))
    return 200;
  if (!hasData) {
    const isTold = refusal?.isLimit !== true && errors.every(isFaultOfOperation);
    const { accept } = request.exchange.request.headers;
    return isTold && asksForPlainJson(accept) ? 200 : (refusal?.status ?? 400);
  }
  if (!areAllOverloaded(errors)) return 200;
  // For load balancers and clients that look at the status.
  const { data } = JSON.parse(json) as { readonly data?: Readonly<Record<string, unknown>> | null };
  return isWithoutData(data) ? errorCatalogue.OVERLOADED.status : 200;
}

/** Codes of requests that are well-formed, but whose operation cannot be run. */
const operationFaults: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

function isFaultOfOperation({ extensions }: NonNullable<OneAnswer['errors']>[number]): boolean {
  return operationFaults.has(extensions.code);
}

/**
 * Clients that ask for it by name assume that any status but 200 comes from a proxy, and would not read the errors
 * (GraphQL over HTTP, §6.4.1).
 */
function asksForPlainJson(accept: string | undefined): boolean {
  return accept !== undefined && /^application\/json(?:; ?charset=utf-8)?$/i.test(accept);
}

function setHeader(headers: string[], name: string, value: string): void {
  const at = headers.indexOf(name);
  if (at < 0) headers.push(name, value);
  else headers[at + 1] = value;
}
