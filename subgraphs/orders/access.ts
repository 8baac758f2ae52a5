import {
  type AccessTable,
  admins,
  everyone,
  members,
  ownedBy,
  ownerAndAdmins,
} from '../kit/access.ts';
import type { Order } from './domain/order.ts';

/** The access rules of orders. */
export const access: AccessTable = {
  rows: {
    // On every path, an order exists only for its owner and admins.
    Order: ownedBy((order: Order) => order.userId),
  },
  fields: {
    'Query.order': everyone,
    'Query.orders': admins,
    'Query.quoteOrder': everyone,
    'Query.salesReport': admins,

    // Whose order it is, is looked at before the first event.
    'Subscription.orderStatusChanged': members,
    'Subscription.orderPlaced': admins,

    // The change itself checks the owner: it does not find orders of others.
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
