import { Kind } from 'graphql';
import type { RawVariables } from '../../../engine/execution/variables.ts';
import { refusal } from '../refusal.ts';

/** What a request asks for (GraphQL over HTTP, §5). */
export interface AskedOperation {
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: RawVariables;
  /** The id of a document, as sent. */
  readonly documentId: unknown;
  /** The extension that identifies a document by its hash, as sent. */
  readonly persistedQuery: unknown;
}

/** Reads the body of a POST. Throws a refusal, in Apollo Server's words, for a body without an operation. */
export function askedInBody(body: unknown): AskedOperation {
  if (Array.isArray(body)) throw malformed('Operation batching disabled.');
  if (!isRecord(body) || isEmpty(body)) {
    throw malformed('POST body missing, invalid Content-Type, or JSON object has no keys.');
  }
  const { query, operationName, variables, extensions, documentId } = body;
  requireText(query);
  if (typeof variables === 'string') throw malformed(twiceEncoded('variables'));
  if (typeof extensions === 'string') throw malformed(twiceEncoded('extensions'));
  if (!isAbsent(extensions) && !isRecord(extensions)) throw malformed(noObject('extensions'));
  if (!isAbsent(variables) && !isRecord(variables)) throw malformed(noObject('variables'));
  if (!isAbsent(operationName) && typeof operationName !== 'string') {
    throw malformed('`operationName` in a POST body must be a string if provided.');
  }
  return {
    query: typeof query === 'string' ? query : undefined,
    operationName: operationName ?? undefined,
    variables: variables ?? noVariables,
    documentId: documentId ?? undefined,
    persistedQuery: extensions?.persistedQuery ?? undefined,
  };
}

/** Reads the address of a GET. Throws as `askedInBody` does. */
export function askedInUrl(url: string): AskedOperation {
  const start = url.indexOf('?');
  const parameters = new URLSearchParams(start < 0 ? '' : url.slice(start));
  const query = onlyOne(parameters, 'query');
  const operationName = onlyOne(parameters, 'operationName');
  const variables = jsonIn(parameters, 'variables');
  const extensions = jsonIn(parameters, 'extensions');
  const documentIds = parameters.getAll('documentId');
  return {
    query,
    operationName,
    variables: variables ?? noVariables,
    documentId: documentIds.length > 1 ? documentIds : documentIds[0],
    persistedQuery: extensions?.persistedQuery ?? undefined,
  };
}

const noVariables: RawVariables = {};

function requireText(query: unknown): void {
  if (!query || typeof query === 'string') return;
  if (isRecord(query) && query.kind === Kind.DOCUMENT) throw malformed(parsedDocument);
  throw malformed('GraphQL queries must be strings.');
}

const parsedDocument =
  "GraphQL queries must be strings. It looks like you're sending the internal graphql-js representation of a parsed query in your request instead of a request in the GraphQL query language. You can convert an AST to a string using the `print` function from `graphql`, or use a client like `apollo-client` which converts the internal representation to a string for you.";

function twiceEncoded(name: string): string {
  return `\`${name}\` in a POST body should be provided as an object, not a recursively JSON-encoded string.`;
}

function noObject(name: string): string {
  return `\`${name}\` in a POST body must be an object if provided.`;
}

function onlyOne(parameters: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = parameters.getAll(name);
  if (others.length === 0) return value;
  throw malformed(`The '${name}' search parameter may only be specified once.`);
}

function jsonIn(
  parameters: URLSearchParams,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const text = onlyOne(parameters, name);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(`The ${name} search parameter contains invalid JSON.`);
  }
  if (isRecord(value)) return value;
  throw malformed(`The ${name} search parameter should contain a JSON-encoded object.`);
}

function malformed(message: string): Error {
  return refusal('BAD_REQUEST', message, { status: 400 });
}

function isEmpty(record: object): boolean {
  for (const _name in record) return false;
  return true;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
