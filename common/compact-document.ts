import { type DocumentNode, Kind, Location, Token } from 'graphql';

/**
 * The document without what only errors of parsing and validating need: the locations of its nodes, and the tokens
 * that they lead to, occupy more than the rest. Definitions of variables keep their place in the text, since a request
 * may give them wrong values. A document
 * without locations is given back as it is, and equal objects get equal objects.
 */
export function compactDocument(document: DocumentNode): DocumentNode {
  if (!document.loc) return document;
  let copy = copies.get(document);
  if (!copy) copies.set(document, (copy = copyOf(document) as DocumentNode));
  return copy;
}

/** So that all who keep a document of one request keep the same copy. */
const copies = new WeakMap<DocumentNode, DocumentNode>();

/**
 * The bytes that a document occupies. Measured with 5,000 parsed queries on Node 20 and 24: a node has 130 bytes, with
 * its location and tokens 330; names, aliases and the like are nodes too.
 */
export function documentBytes(document: DocumentNode): number {
  return 500 + countNodes(document) * (document.loc ? 330 : 130);
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key in value) if (key !== 'loc') copy[key] = copyOf(value[key]);
  if (value.kind === Kind.VARIABLE_DEFINITION && value.loc instanceof Location) {
    copy.loc = withoutNeighbours(value.loc);
  }
  return copy;
}

/** Each token of a document is linked to the next. */
function withoutNeighbours({ startToken, endToken, source }: Location): Location {
  return new Location(alone(startToken), alone(endToken), source);
}

function alone({ kind, start, end, line, column, value }: Token): Token {
  return new Token(kind, start, end, line, column, value);
}

function countNodes(value: unknown): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countNodes(item);
  } else if (isRecord(value)) {
    count = 1;
    for (const key in value) if (key !== 'loc') count += countNodes(value[key]);
  }
  return count;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
