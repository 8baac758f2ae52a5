import type { IncomingMessage } from 'node:http';
import type { RawVariables } from '../execution/variables.ts';

/** A GraphQL request of no more than an operation: what most clients send, most of the time. */
export interface PlainRequest {
  /** The text; or, in its place, the id of one. */
  readonly query: string | undefined;
  readonly documentId: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: RawVariables;
}

/** Whether a request may be a plain one, by its headers: a POST of JSON, with no other wishes. */
export function mayBePlain({ method, url, headers }: IncomingMessage, path: string): boolean {
  return (
    method === 'POST' &&
    url === path &&
    isJson(headers['content-type']) &&
    headers['content-encoding'] === undefined &&
    headers['apollo-query-plan-experimental'] === undefined &&
    headers['apollo-expose-query-plan'] === undefined
  );
}

/** The request in a body; `undefined` for all that may be something else, or mean more. */
export function readPlainRequest(bytes: Buffer): PlainRequest | undefined {
  const text = bytes.toString();
  if (suspicious.test(text)) return undefined;
  const body = parse(text);
  if (!isRecord(body)) return undefined;
  const { query, operationName, variables } = body;
  const documentId = documentIdOf(body);
  if (documentId === null || (query === undefined) === (documentId === undefined)) return undefined;
  if (query !== undefined && typeof query !== 'string') return undefined;
  if (!isAbsent(operationName) && typeof operationName !== 'string') return undefined;
  if (!isAbsent(variables) && !isRecord(variables)) return undefined;
  return {
    query,
    documentId,
    operationName: operationName ?? undefined,
    variables: variables ?? noVariables,
  };
}

const utf8Json = /^application\/json; ?charset=utf-8$/i;
const noVariables: RawVariables = {};
const idMaxChars = 512;

/** What may be no Unicode: halves of characters, and what stands for bytes that are no UTF-8. */
const suspicious = /\\u[dD][89a-fA-F]|\ufffd/;

/**
 * The id of a document, by either of its names: `undefined` without one, `null` where Apollo Server has to look. What
 * Apollo Client says of itself in `extensions` has no effect on an answer.
 */
function documentIdOf({
  documentId,
  extensions,
}: Readonly<Record<string, unknown>>): string | null | undefined {
  if (extensions === undefined) {
    return documentId === undefined || isId(documentId) ? documentId : null;
  }
  if (documentId !== undefined || !isRecord(extensions)) return null;
  const { persistedQuery, clientLibrary, ...others } = extensions;
  if (Object.keys(others).length > 0) return null;
  if (persistedQuery === undefined) return clientLibrary === undefined ? null : undefined;
  if (!isRecord(persistedQuery)) return null;
  const { version, sha256Hash } = persistedQuery;
  return version === 1 && isId(sha256Hash) ? sha256Hash : null;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= idMaxChars;
}

function isJson(type: string | undefined): boolean {
  return type === 'application/json' || (type !== undefined && utf8Json.test(type));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
