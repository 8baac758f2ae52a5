import type { IncomingMessage } from 'node:http';
import type { Exchange } from './exchange.ts';
import { toErrorBody } from './json-errors.ts';

/** Why a request goes no further; `undefined` lets it pass. */
export interface EdgeRefusal {
  readonly status: number;
  readonly message: string;
}

/** What is asked of every request before any lane looks at it. */
export type EdgeRule = (request: IncomingMessage) => EdgeRefusal | undefined;

/** The rules that hold for all addresses, in order. */
export function edgeRules(): readonly EdgeRule[] {
  return [requireHost(), requireUtf8];
}

/** Answers a request that goes no further. */
export function refuse(exchange: Exchange, { status, message }: EdgeRefusal): void {
  const body = JSON.stringify(toErrorBody('BAD_REQUEST', message));
  exchange.answer(status, ['content-type', 'application/json; charset=utf-8'], body);
}

/** Nearly all requests name the same host, which need not be read again. */
function requireHost(): EdgeRule {
  let usable: string | undefined;
  return ({ headers: { host } }) => {
    if (host !== undefined && host === usable) return undefined;
    if (!URL.canParse(`http://${host ?? ''}/`)) {
      return { status: 400, message: 'The Host header is no host.' };
    }
    usable = host;
    return undefined;
  };
}

/** JSON between systems is UTF-8 (RFC 8259 §8.1); read as anything else it would mean something else. */
function requireUtf8({ headers }: IncomingMessage): EdgeRefusal | undefined {
  if (headers['content-type'] === 'application/json') return undefined;
  const [, charset] = /;\s*charset="?([^";\s]*)/i.exec(headers['content-type'] ?? '') ?? [];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return undefined;
  return { status: 415, message: 'The charset must be utf-8.' };
}
