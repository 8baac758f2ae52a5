import { correlationIdFrom } from '../../../common/correlation.ts';
import { AppError } from '../../../common/errors.ts';
import { traceparentFrom } from '../../../common/trace-context.ts';
import type { OrdersContext } from '../context.ts';
import type { Fault } from '../domain/fault.ts';
import type { Order } from '../domain/order.ts';
import type { MutationResolvers } from './types.generated.ts';

export const Mutation: MutationResolvers = {
  async placeOrder(_query, { input }, context) {
    const { payment, ...rest } = input;
    const request = { ...rest, payment: payment ?? undefined };
    const placed = await context.placing.place(userIdOf(context), request, context);
    if (placed.order && placed.items) context.itemsByOrder.prime(placed.order.id, placed.items);
    return toPayload(placed);
  },

  async payOrder(_query, { input: { id, payment } }, context) {
    return toPayload(await context.changes.pay(userIdOf(context), id, payment, context));
  },

  async cancelOrder(_query, { input: { id } }, context) {
    return toPayload(await context.changes.cancel(userIdOf(context), id, context));
  },

  async sendMessage(_query, { input: { orderId, message: text, idempotencyKey } }, context) {
    const saying = { senderId: userIdOf(context), text, key: idempotencyKey };
    const { message, faults } = await context.chat.send(context.viewer, orderId, saying);
    return { message, userErrors: faults };
  },

  async shipOrder(_query, { input: { id } }, context) {
    return toPayload(await context.changes.ship(id, context));
  },

  async shipOrders(_query, { input }, context) {
    const orders = input.orders.map(({ id, correlationId, traceparent }) => ({
      id,
      trace: {
        correlationId:
          correlationId == null ? context.correlationId : correlationIdFrom(correlationId),
        traceparent: traceparent == null ? context.traceparent : traceparentFrom(traceparent),
      },
    }));
    const { outcomes, faults } = await context.changes.shipAll(orders);
    return { results: outcomes.map(toPayload), userErrors: faults };
  },

  async deliverOrder(_query, { input: { id } }, context) {
    return toPayload(await context.changes.deliver(id, context));
  },

  async refundOrder(_query, { input: { id } }, context) {
    return toPayload(await context.changes.refund(id, context));
  },
};

function toPayload({
  order,
  faults,
}: {
  readonly order: Order | null;
  readonly faults: readonly Fault[];
}) {
  return { order, userErrors: faults };
}

function userIdOf({ viewer }: OrdersContext): string {
  // The access table admits only authenticated viewers.
  if (viewer.kind !== 'user') throw new AppError('UNAUTHENTICATED', 'Log in first.');
  return viewer.id;
}
