import type { IncomingMessage } from 'node:http';
import { findLongHeader } from '../../../common/header-limits.ts';
import type { Exchange } from '../exchange.ts';
import { answerError } from '../json-errors.ts';
import { type Cors, isPreflight, noCors } from './cors.ts';
import { holdsLoneSurrogate } from './json.ts';
import { isFromNoOtherSite } from './plain-get.ts';
import { securityHeaders, type SecurityHeaderSettings } from './security-headers.ts';
import { createTargetRule } from './target.ts';

/** The first checks of every request. */
export interface Edge {
  /** Headers of every response: name, value, name, value … */
  readonly headers: readonly string[];
  /** Admits an exchange, or answers it and returns `false`. */
  admit(exchange: Exchange): boolean;
}

/** The options of an edge. */
export interface EdgeOptions extends SecurityHeaderSettings {
  readonly cors: Cors;
}

/** Why a request is refused; `undefined` admits it. */
interface EdgeRefusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: readonly string[];
}

type EdgeRule = (request: IncomingMessage) => EdgeRefusal | undefined;

/** The edge of a server: CORS, and the rules for all addresses, in order. */
export function createEdge({
  cors = noCors,
  hstsMaxAgeSeconds = 0,
}: Partial<EdgeOptions> = {}): Edge {
  const rules: readonly EdgeRule[] = [
    requireShortHeaders,
    createTargetRule(),
    requireNoExpectation,
    requireUnicodeUrl,
    requireUtf8,
    requireNoEncoding,
    requirePreflightedBody,
  ];
  return {
    headers: [...cors.headers, ...securityHeaders({ hstsMaxAgeSeconds })],
    admit: (exchange) => {
      const { request } = exchange;
      const { origin } = request.headers;
      const forOrigin = origin === undefined ? undefined : cors.headersFor(origin);
      for (const text of forOrigin ?? []) exchange.headers.push(text);
      if (isPreflight(request)) {
        if (forOrigin) exchange.answerEmpty(204, cors.preflightHeaders);
        else refuse(exchange, { status: 403, message: 'Pages of this origin are not allowed.' });
        return false;
      }
      for (const rule of rules) {
        const refusal = rule(request);
        if (refusal) {
          refuse(exchange, refusal);
          return false;
        }
      }
      if (request.method === 'GET' && isFromNoOtherSite(request, forOrigin !== undefined)) {
        // Marks the request as one that no page of another site can have caused.
        request.headers['apollo-require-preflight'] ??= 'not-needed';
      }
      return true;
    },
  };
}

function refuse(exchange: Exchange, { status, message, headers = [] }: EdgeRefusal): void {
  answerError(exchange, { status, code: 'BAD_REQUEST', message, headers });
}

function requireNoExpectation({ headers: { expect } }: IncomingMessage): EdgeRefusal | undefined {
  if (expect === undefined || expect.toLowerCase() === '100-continue') return undefined;
  return { status: 417, message: 'Only the expectation 100-continue is supported.' };
}

/** An address must be valid text, or it would be read differently from what was sent. */
function requireUnicodeUrl({ url = '' }: IncomingMessage): EdgeRefusal | undefined {
  const start = url.indexOf('?');
  if (start < 0) return isText(url) ? undefined : badPath;
  if (!isText(url.slice(0, start))) return badPath;
  const search = url.slice(start + 1);
  if (!isText(search)) {
    return { status: 400, message: 'The query string is not percent-encoded UTF-8.' };
  }
  const parameters = new URLSearchParams(search);
  for (const name of ['variables', 'extensions']) {
    if (holdsLoneSurrogate(parameters.get(name) ?? '')) {
      return { status: 400, message: 'The query string contains half a surrogate pair.' };
    }
  }
  return undefined;
}

const badPath: EdgeRefusal = { status: 400, message: 'The path is not percent-encoded UTF-8.' };

function isText(percentEncoded: string): boolean {
  try {
    decodeURIComponent(percentEncoded);
    return true;
  } catch {
    return false;
  }
}

/** Runs before any header is parsed: parsers only get short values. */
function requireShortHeaders({ headers }: IncomingMessage): EdgeRefusal | undefined {
  const message = findLongHeader(headers);
  return message === undefined ? undefined : { status: 431, message };
}

/** JSON between systems is UTF-8 (RFC 8259 §8.1); decoded otherwise, it would mean something else. */
function requireUtf8({ headers }: IncomingMessage): EdgeRefusal | undefined {
  if (headers['content-type'] === 'application/json') return undefined;
  const [, charset] = /;\s*charset="?([^";\s]*)/i.exec(headers['content-type'] ?? '') ?? [];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return undefined;
  return { status: 415, message: 'The charset must be utf-8.' };
}

/** Nothing is decompressed, so that a small body stays small. */
function requireNoEncoding({ headers }: IncomingMessage): EdgeRefusal | undefined {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return undefined;
  const message = 'The body may not be encoded: send it without Content-Encoding.';
  return { status: 415, message, headers: ['accept-encoding', 'identity'] };
}

const sentByAnyPage = new Set([
  '',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
]);

/** A form or script of any site can send these types without a preflight (CSRF). */
function requirePreflightedBody({ method, headers }: IncomingMessage): EdgeRefusal | undefined {
  const type = headers['content-type'];
  if (method !== 'POST' || type === 'application/json') return undefined;
  const essence = (type ?? '').split(';', 1).join().trim().toLowerCase();
  if (!sentByAnyPage.has(essence)) return undefined;
  const message =
    'The body must be application/json, and Content-Type must say so: any web page could have sent this request.';
  return { status: 400, message };
}
