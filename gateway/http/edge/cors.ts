import type { IncomingMessage } from 'node:http';

/** Which pages of other origins may read responses, and what they may send. */
export interface CorsSettings {
  /** `https://shop.example`, `http://localhost:*` for any port, or `*` alone. */
  readonly origins: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number;
  /** Request headers that are allowed besides those of GraphQL clients; in lower case. */
  readonly requestHeaders: readonly string[];
  /** The methods that pages may use. */
  readonly methods: readonly string[];
}

/**
 * CORS with an allow-list (https://fetch.spec.whatwg.org/#http-cors-protocol). Headers are flat lists of name, value …
 */
export interface Cors {
  /** For every response, whatever its origin: a cache must not send one origin's headers to another. */
  readonly headers: readonly string[];
  /** For a response to a page of this origin; `undefined` when the page may not read it. */
  headersFor(origin: string): readonly string[] | undefined;
  /** For the response to a preflight, besides those of every response. */
  readonly preflightHeaders: readonly string[];
}

/** No page of another origin may read anything. */
export const noCors: Cors = {
  headers: [],
  headersFor: () => undefined,
  preflightHeaders: [],
};

/** The rules of an allow-list; an empty one allows no origin. */
export function createCors(settings: CorsSettings): Cors {
  const { origins, credentials, maxAgeSeconds, requestHeaders, methods } = settings;
  if (origins.length === 0) return noCors;
  const always = ['access-control-expose-headers', exposed];
  if (credentials) always.push('access-control-allow-credentials', 'true');
  const preflightHeaders = [
    'access-control-allow-methods',
    methods.join(', '),
    'access-control-allow-headers',
    [...allowed, ...requestHeaders].join(', '),
    'access-control-max-age',
    String(maxAgeSeconds),
  ];
  if (origins.includes('*')) {
    const headers = ['access-control-allow-origin', '*', ...always];
    return { headers: [], headersFor: () => headers, preflightHeaders };
  }
  const isAllowed = matcherOf(origins);
  return {
    headers: ['vary', 'origin'],
    headersFor: (origin) =>
      isAllowed(origin) ? ['access-control-allow-origin', origin, ...always] : undefined,
    preflightHeaders,
  };
}

/** True for a preflight: what a browser sends before a request that a page could not send without permission. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

const exposed = 'x-correlation-id, retry-after, ratelimit, ratelimit-policy';

const allowed = [
  'content-type',
  'authorization',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'apollographql-client-name',
  'apollographql-client-version',
  'apollo-query-plan-experimental',
  'x-correlation-id',
  'x-operation-cost',
];

function matcherOf(origins: readonly string[]): (origin: string) => boolean {
  const exact = new Set(origins);
  const anyPort = origins.filter((origin) => origin.endsWith(':*')).map((o) => o.slice(0, -2));
  return (origin) =>
    exact.has(origin) ||
    anyPort.some(
      (host) => origin.startsWith(host) && /^(?::\d{1,5})?$/.test(origin.slice(host.length)),
    );
}
