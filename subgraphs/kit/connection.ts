import { AppError } from '../../common/errors.ts';

/** The maximum page size. */
const maxPageSize = 100;

/** A page in the form of the Relay cursor connections specification. */
export interface Connection<TNode> {
  readonly edges: readonly { readonly cursor: string; readonly node: TNode }[];
  readonly nodes: readonly TNode[];
  readonly pageInfo: PageInfo;
}

/** The position of a page in the whole list. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** The arguments of a connection field, as sent by the client. */
export interface PageArguments {
  readonly first: number;
  readonly after?: string | null | undefined;
}

/** The requested page: its size, and the sort key of the entry it starts after. */
export interface PageRequest {
  readonly first: number;
  readonly after: readonly string[] | undefined;
}

/**
 * Reads the arguments of a connection field. `order` is the name of the sort order and `keys` the number of values in
 * its key: a cursor of another order is refused. Throws AppError BAD_USER_INPUT.
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
 * Reads a time in the key of a cursor, in the format of `toISOString`. A client may have changed the cursor, and
 * JavaScript has times that the database does not support. Throws AppError BAD_USER_INPUT.
 */
export function readCursorTime(text: string): Date {
  const time = new Date(text);
  if (/^[1-9]\d{3}-/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new AppError('BAD_USER_INPUT', '"after" is not a cursor of this list.');
}

/** Reads the requested number of entries. Throws AppError BAD_USER_INPUT unless it is 1 to 100. */
export function readFirst(first: number): number {
  if (first >= 1 && first <= maxPageSize) return first;
  throw new AppError('BAD_USER_INPUT', `"first" takes 1 to ${maxPageSize}; got ${first}.`);
}

/**
 * Makes a page from the rows of a keyset query. The query must request `first + 1` rows, so that the extra row shows
 * whether there is a next page. `keyOf` returns the values that the query sorts by; the last one must be unique.
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

/** The cursor of an entry, from the values that the query sorts by. */
export function encodeCursor(order: string, key: readonly string[]): string {
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
