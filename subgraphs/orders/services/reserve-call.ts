import { status } from '@grpc/grpc-js';
import { within } from '../../../common/within.ts';
import {
  inventoryMaxOrders,
  type InventoryMethods,
  inventoryOwner,
  type ReserveMessage,
  type ReserveRequestMessage,
  type ReserveResultMessage,
} from '../../kit/grpc/inventory-contract.ts';
import { type CallTrace, type Channel, failedPart, statusOf } from '../../kit/grpc/open-channel.ts';
import { createTogether } from '../../kit/together.ts';

/** Reserves the stock of an order. Rejects as a call of the channel does. */
export type ReserveCall = (
  request: ReserveRequestMessage,
  trace: CallTrace,
) => Promise<ReserveMessage>;

interface OrderToReserve {
  readonly request: ReserveRequestMessage;
  readonly trace: CallTrace;
}

/**
 * Reservations of several requests by one call (`ReserveMany`). It carries the trace of each, and fails for each by itself.
 * `deadlineMs` includes the time that an order waits for the calls before its own.
 */
export function createReserveCall(
  channel: Channel<InventoryMethods>,
  deadlineMs: number,
): ReserveCall {
  const together = createTogether<OrderToReserve, ReserveResultMessage | undefined>({
    run: async (orders) => {
      const [first] = orders;
      if (!first) return [];
      try {
        const { results } = await channel.call(
          'ReserveMany',
          { orders: orders.map(toMessage) },
          { trace: first.trace, deadlineMs },
        );
        return results.map((result) => (isToRetry(result) ? undefined : result));
      } catch (error) {
        // A products from before this method.
        if (statusOf(error)?.code !== status.UNIMPLEMENTED) throw error;
        return orders.map(() => undefined);
      }
    },
    most: inventoryMaxOrders,
    keyOf: ({ request }) => request.order_id,
  });
  const reserve = async (order: OrderToReserve): Promise<ReserveMessage> => {
    const result = await together(order);
    if (!result) {
      return channel.call('Reserve', order.request, { trace: order.trace, deadlineMs });
    }
    if ('response' in result) return result.response;
    const { code, message: details } = result.failure;
    throw failedPart({ code, details }, inventoryOwner, deadlineMs);
  };
  return async (request, trace) => {
    const response = await within(reserve({ request, trace }), deadlineMs, undefined);
    if (response) return response;
    const ended = { code: status.DEADLINE_EXCEEDED, details: 'It waited for other reservations.' };
    throw failedPart(ended, inventoryOwner, deadlineMs);
  };
}

function toMessage({ request, trace: { correlationId, traceparent } }: OrderToReserve) {
  return { ...request, correlation_id: correlationId, traceparent };
}

/** The channel retries calls with this status, so such an order is called alone. */
function isToRetry(result: ReserveResultMessage): boolean {
  return 'failure' in result && result.failure.code === (status.UNAVAILABLE as number);
}
