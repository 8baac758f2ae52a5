import { type DocumentNode, Kind, Location, Token } from 'graphql';

/**
 * A document without the data that only parse and validation errors need. The locations of its nodes, and the tokens
 * they refer to, use more memory than the rest. Variable definitions keep their locations, because a request may have
 * invalid values for them. A document without locations is returned unchanged, and the same input always returns the
 * same copy.
 */
export function compactDocument(document: DocumentNode): DocumentNode {
  if (!document.loc) return document;
  let copy = copies.get(document);
  if (!copy) copies.set(document, (copy = copyOf(document) as DocumentNode));
  return copy;
}

/** So that everything that caches a request's document keeps the same copy. */
const copies = new WeakMap<DocumentNode, DocumentNode>();

/**
 * Estimates the memory of a document in bytes. Measured with 5,000 parsed queries on Node 20 and 24: a node takes 130
 * bytes, or 330 with its location and tokens; names, aliases and the like are nodes, too.
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
    copy.loc = withUnlinkedTokens(value.loc);
  }
  return copy;
}

/** Each token is linked to the next one, and so to all of the document. */
function withUnlinkedTokens({ startToken, endToken, source }: Location): Location {
  return new Location(unlinked(startToken), unlinked(endToken), source);
}

function unlinked({ kind, start, end, line, column, value }: Token): Token {
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
