import type { FastifyRequest } from 'fastify';

/** How a request names its document, and how it is told another name for it. */
export interface DocumentRequest {
  /** The text, if it is one. */
  readonly query: string | undefined;
  readonly documentId: unknown;
  readonly persistedQuery: unknown;
  /** Has Apollo Server run this text, as if the client had sent it and nothing else. */
  useText(text: string): void;
  /** Has Apollo Server look for a hash among the documents that clients have registered. */
  useHash(sha256Hash: string): void;
}

/**
 * Reads the parts of a GraphQL request by which it names its document: from the body of a POST, from the query string of
 * a GET. `undefined` for what holds none in a form that Apollo Server reads; it finds the words for that.
 */
export function documentRequestOf(request: FastifyRequest): DocumentRequest | undefined {
  return request.method === 'GET' ? ofQueryString(request) : ofBody(request.body);
}

function ofBody(body: unknown): DocumentRequest | undefined {
  if (!isRecord(body)) return undefined;
  const { query, documentId, extensions } = body;
  const { persistedQuery, ...others } = isRecord(extensions) ? extensions : {};
  return {
    query: typeof query === 'string' ? query : undefined,
    documentId: documentId ?? undefined,
    persistedQuery: persistedQuery ?? undefined,
    useText: (text) => {
      body.query = text;
      if (persistedQuery !== undefined) body.extensions = others;
    },
    useHash: (sha256Hash) => {
      body.extensions = { ...others, persistedQuery: { version: 1, sha256Hash } };
    },
  };
}

function ofQueryString({ raw }: FastifyRequest): DocumentRequest | undefined {
  const { pathname, searchParams } = new URL(raw.url ?? '', 'http://localhost/');
  const [query, ...queries] = searchParams.getAll('query');
  const [written, ...extensionses] = searchParams.getAll('extensions');
  if (queries.length > 0 || extensionses.length > 0) return undefined;
  const documentIds = searchParams.getAll('documentId');
  const extensions = parsed(written);
  const { persistedQuery, ...others } = extensions ?? {};
  const rewrite = (name: string, value: string): void => {
    searchParams.set(name, value);
    raw.url = `${pathname}?${searchParams.toString()}`;
  };
  return {
    query,
    documentId: documentIds.length > 1 ? documentIds : documentIds[0],
    persistedQuery: persistedQuery ?? undefined,
    useText: (text) => {
      if (extensions) searchParams.set('extensions', JSON.stringify(others));
      rewrite('query', text);
    },
    useHash: (sha256Hash) => {
      const persistedQuery = { version: 1, sha256Hash };
      rewrite('extensions', JSON.stringify({ ...others, persistedQuery }));
    },
  };
}

function parsed(json: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json ?? '');
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
