import type { IncomingMessage } from 'node:http';

/** Why the target of a request is invalid, and the status of the response. */
export interface TargetProblem {
  readonly status: 400 | 405;
  readonly message: string;
  readonly headers?: readonly string[];
}

/**
 * Finds what is wrong with the method, target and host of requests (RFC 9112 §3.2). A target in absolute form is
 * converted to the usual form, with its own host, as the RFC requires.
 */
export function createTargetRule(): (request: IncomingMessage) => TargetProblem | undefined {
  /** Nearly all requests have the same host, which need not be parsed again. */
  let usableHost: string | undefined;
  return (request) => {
    if (!methods.has(request.method ?? '')) return notAllowed;
    const { url = '' } = request;
    if (!url.startsWith('/') && !useAbsoluteForm(request, url))
      return { status: 400, message: 'The request target must be a path.' };
    const { host } = request.headers;
    if (countHosts(request) > 1) {
      return { status: 400, message: 'Only one Host header is allowed.' };
    }
    if (host !== undefined && host === usableHost) return undefined;
    if (host === undefined && request.httpVersion === '1.0') return undefined;
    if (!isHost(host)) return { status: 400, message: 'The Host header is not a valid host.' };
    usableHost = host;
    return undefined;
  };
}

/** The methods that the routes know; for these they answer 404 or 405 themselves. */
const methods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

const notAllowed: TargetProblem = {
  status: 405,
  message: 'Expected GET or POST.',
  headers: ['allow', 'GET, POST'],
};

/** `GET http://host/path`, the form for proxies: true when it could be converted to the form for servers. */
function useAbsoluteForm(request: IncomingMessage, url: string): boolean {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return false;
  const { host, pathname, search, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  request.url = pathname + search;
  request.headers.host = host;
  return true;
}

/** Node.js keeps the first of several; a proxy in front may use the last. */
function countHosts({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

/** A name or an address, optionally with a port, and no other part of a URL. */
function isHost(host: string | undefined): boolean {
  return host !== undefined && !/[/?#@\\\s]/.test(host) && URL.canParse(`http://${host}/`);
}
