import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../../common/errors.ts';
import { acceptedEvents } from '../../../engine/streams/event-formats.ts';
import { holdsLoneSurrogate } from '../edge/json.ts';
import type { AcceptedFormat } from '../parts/accepted-format.ts';
import { refusal, UnsupportedType } from '../refusal.ts';
import { createAcceptedType } from './accepted-type.ts';
import { askedInBody, askedInUrl } from './asked-operation.ts';
import type { Step } from './stages.ts';

/**
 * Reads what a request asks for, from the body of a POST or the address of a GET, and the media type of the response.
 * Refuses requests that a browser would send without a preflight (CSRF), and those without an operation. A client that
 * accepts only parts gets a single response as JSON.
 */
export function readRequest(acceptedFormat: AcceptedFormat): Step {
  const acceptedType = createAcceptedType();
  return (request) => {
    const { exchange } = request;
    if (request.message !== undefined) {
      request.asked = askedInBody(request.message);
      return undefined;
    }
    const { headers, url = '' } = exchange.request;
    const contentType = acceptedType(headers.accept);
    if (contentType !== undefined) request.contentType = contentType;
    if (exchange.refusal) throw exchange.refusal;
    if (request.isGet) {
      refuseUnasked(headers);
      requireNoOtherType(headers['content-type']);
      request.asked = askedInUrl(url);
    } else {
      requireJson(headers['content-type']);
      request.asked = askedInBody(parseBody(exchange.body));
    }
    const { accept } = headers;
    if (contentType === undefined && !acceptedFormat(accept) && !acceptedEvents(accept))
      throw refusal('BAD_REQUEST', unacceptable, { status: 406 });
    return undefined;
  };
}

const unacceptable =
  "An 'accept' header was provided for this request which does not accept application/json; charset=utf-8 or application/graphql-response+json; charset=utf-8";

function parseBody(body: Buffer | undefined): unknown {
  if (!body || body.length === 0) throw badRequest('The body is empty; JSON was expected.');
  const text = body.toString();
  if ((text.includes('\ufffd') && !isUtf8(body)) || holdsLoneSurrogate(text)) {
    throw badRequest('The body is not well-formed Unicode.');
  }
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch {
    // A parser's own message would quote the body.
    throw badRequest('The body is not valid JSON.');
  }
}

function badRequest(message: string): AppError {
  return new AppError('BAD_REQUEST', message);
}

function requireJson(type: string | undefined): void {
  if (type === 'application/json' || essenceOf(type) === 'application/json') return;
  throw new UnsupportedType('The body must be application/json.');
}

/** A GET has no body that could have a type. */
function requireNoOtherType(type: string | undefined): void {
  if (!type || essenceOf(type) === 'application/json') return;
  throw refusal(
    'BAD_REQUEST',
    'GET requests may not have a content-type header other than application/json.',
    { status: 415 },
  );
}

function essenceOf(type = ''): string {
  return type.split(';', 1).join().trim().toLowerCase();
}

/** A form or script of any site can send these types, and a GET without a type, without a preflight. */
const sentByAnyPage = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
const askedFor = ['x-apollo-operation-name', 'apollo-require-preflight'];

function refuseUnasked(headers: IncomingHttpHeaders): void {
  const type = headers['content-type'];
  if (type && !sentByAnyPage.includes(essenceOf(type))) return;
  if (headers['apollo-require-preflight'] || headers['x-apollo-operation-name']) return;
  throw refusal(
    'BAD_REQUEST',
    `This operation has been blocked as a potential Cross-Site Request Forgery (CSRF). Please either specify a 'content-type' header (with a type that is not one of ${sentByAnyPage.join(', ')}) or provide a non-empty value for one of the following headers: ${askedFor.join(', ')}\n`,
    { status: 400 },
  );
}
