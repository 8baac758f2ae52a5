import { AppError } from '../../../common/errors.ts';
import {
  type Connection,
  type PageRequest,
  readCursorTime,
  readPage,
  toConnection,
} from '../../kit/connection.ts';
import { readId } from '../../kit/ids.ts';
import type { Order, OrderPosition } from '../domain/order.ts';

/** The name of the only sort, and how many values its key has: the time, then the id. */
const newestFirst = 'newest';
const keys = 2;

/** A requested page: as connection arguments, and as a range of the list. */
export interface OrderPage {
  readonly request: PageRequest;
  /** One order more than the page, which shows whether there is a next page. */
  readonly range: { readonly limit: number; readonly after: OrderPosition | undefined };
}

/** Reads the arguments of a field that answers with an OrderConnection. Throws AppError BAD_USER_INPUT. */
export function readOrderPage(args: {
  readonly first: number;
  readonly after?: string | null;
}): OrderPage {
  const request = readPage(args, newestFirst, keys);
  const after = request.after && readPosition(request.after);
  return { request, range: { limit: request.first + 1, after } };
}

/** The OrderConnection for the orders found. */
export function toOrderConnection(
  found: readonly Order[],
  { request }: OrderPage,
): Connection<Order> {
  return toConnection(found, request, newestFirst, ({ placedAt, id }) => [
    placedAt.toISOString(),
    id,
  ]);
}

function readPosition([time = '', id = '']: readonly string[]): OrderPosition {
  const placedAt = readCursorTime(time);
  const knownId = readId(id);
  if (knownId === undefined) {
    throw new AppError('BAD_USER_INPUT', '"after" is not a cursor of this list.');
  }
  return { placedAt, id: knownId };
}
