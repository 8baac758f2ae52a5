import { AppError } from '../../common/errors.ts';

/** The most entries a page may have. */
const maxPageSize = 100;

/** A page in the form of the Relay cursor connections specification. */
export interface Connection<TNode> {
  readonly edges: readonly { readonly cursor: string; readonly node: TNode }[];
  readonly nodes: readonly TNode[];
  readonly pageInfo: PageInfo;
}

/** Where a page stands in the whole. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** The arguments of a connection field, as the client sent them. */
export interface PageArguments {
  readonly first: number;
  readonly after?: string | null | undefined;
}

/** Which page is asked for: its size, and the sort key of the entry it starts after. */
export interface PageRequest {
  readonly first: number;
  readonly after: readonly string[] | undefined;
}

/**
 * Reads the arguments of a connection field. `order` names the sort and `keys` says how many values its key has: a
 * cursor of another sort is refused. Throws AppError BAD_USER_INPUT.
 */
export function readPage(
  { first, after }: PageArguments,
  order: string,
  keys: number,
): PageRequest {
  return {
    first: readFirst(first),
    after: after == null ? undefined : decodeCursor(after, order, keys),
  };
}

/**
 * Reads a time out of the key of a cursor, as `toISOString` wrote it. A cursor comes back from the client, who may have
 * changed it: JavaScript knows times that the database does not. Throws AppError BAD_USER_INPUT.
 */
export function readCursorTime(text: string): Date {
  const time = new Date(text);
  if (/^[1-9]\d{3}-/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new AppError('BAD_USER_INPUT', '"after" is not a cursor of this list.');
}

/** Reads how many entries are asked for. Throws AppError BAD_USER_INPUT unless it is 1 to 100. */
export function readFirst(first: number): number {
  if (first >= 1 && first <= maxPageSize) return first;
  throw new AppError('BAD_USER_INPUT', `"first" takes 1 to ${maxPageSize}; got ${first}.`);
}

/**
 * Makes a page of the rows that a keyset query found. The query asks for `first + 1` rows, so that the one too many
 * tells whether there is a next page. `keyOf` gives the values the query sorts by, the last of them unique.
 */
export function toConnection<TNode>(
  rows: readonly TNode[],
  { first, after }: PageRequest,
  order: string,
  keyOf: (node: TNode) => readonly string[],
): Connection<TNode> {
  const nodes = rows.slice(0, first);
  const edges = nodes.map((node) => ({ cursor: encodeCursor(order, keyOf(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== undefined && nodes.length > 0,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function encodeCursor(order: string, key: readonly string[]): string {
  return Buffer.from(JSON.stringify([order, ...key])).toString('base64url');
}

function decodeCursor(cursor: string, order: string, keys: number): readonly string[] {
  const parts = parseCursor(cursor);
  const [head, ...key] = parts ?? [];
  if (head !== order || key.length !== keys) {
    throw new AppError('BAD_USER_INPUT', '"after" is not a cursor of this list in this order.');
  }
  return key;
}

function parseCursor(cursor: string): readonly string[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isText = (part: unknown): part is string =>
      typeof part === 'string' && !part.includes('\0');
    return Array.isArray(parts) && parts.every(isText) ? parts : undefined;
  } catch {
    return undefined;
  }
}
