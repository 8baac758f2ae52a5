import {
  type AccessTable,
  admins,
  everyone,
  members,
  ownedBy,
  ownerAndAdmins,
} from '../kit/access.ts';
import type { Order } from './domain/order.ts';

/** Who may see what in orders. */
export const access: AccessTable = {
  rows: {
    // Wherever an order comes from, for anybody but its owner and admins it does not exist.
    Order: ownedBy((order: Order) => order.userId),
  },
  fields: {
    'Query.order': everyone,
    'Query.orders': admins,
    'Query.quoteOrder': everyone,
    'Query.salesReport': admins,

    // Whose order it is, is looked at before the first event.
    'Subscription.orderStatusChanged': members,

    // Whose order it is the change itself looks at: those of others it does not find.
    'Mutation.placeOrder': members,
    'Mutation.payOrder': members,
    'Mutation.cancelOrder': members,
    'Mutation.shipOrder': admins,
    'Mutation.deliverOrder': admins,
    'Mutation.refundOrder': admins,

    Order: everyone,
    OrderItem: everyone,
    OrderEvent: everyone,
    ShippingAddress: everyone,
    OrderConnection: everyone,
    OrderEdge: everyone,
    PageInfo: everyone,
    SalesReport: admins,
    SalesDay: admins,
    Money: everyone,

    OrderQuote: everyone,
    OrderQuoteItem: everyone,
    QuoteOrderPayload: everyone,
    PlaceOrderPayload: members,
    PayOrderPayload: members,
    CancelOrderPayload: members,
    ShipOrderPayload: admins,
    DeliverOrderPayload: admins,
    RefundOrderPayload: admins,
    UserError: everyone,

    'User.id': everyone,
    'User.orders': ownerAndAdmins((user: { readonly id: string }) => user.id),

    Product: everyone,
  },
};
