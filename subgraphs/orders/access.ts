import {
  type AccessTable,
  admins,
  everyone,
  members,
  ownedBy,
  ownerAndAdmins,
} from '../kit/access.ts';
import type { ChatMessage } from './domain/chat-message.ts';
import type { Order } from './domain/order.ts';

/** The access rules of orders. */
export const access: AccessTable = {
  rows: {
    // On every path, an order exists only for its owner and admins, and so does what is said about it.
    Order: ownedBy((order: Order) => order.userId),
    ChatMessage: ownedBy((message: ChatMessage) => message.customerId),
  },
  fields: {
    'Query.order': everyone,
    'Query.orders': admins,
    'Query.quoteOrder': everyone,
    'Query.salesReport': admins,

    // Whose order it is, is looked at before the first event.
    'Subscription.orderStatusChanged': members,
    'Subscription.messageAdded': members,
    'Subscription.orderPlaced': admins,

    // The change itself checks the owner: it does not find orders of others. An admin may speak on any.
    'Mutation.placeOrder': members,
    'Mutation.payOrder': members,
    'Mutation.cancelOrder': members,
    'Mutation.sendMessage': members,
    'Mutation.shipOrder': admins,
    'Mutation.shipOrders': admins,
    'Mutation.deliverOrder': admins,
    'Mutation.refundOrder': admins,

    Order: everyone,
    'Order.messages': ownerAndAdmins((order: Order) => order.userId),
    OrderItem: everyone,
    OrderEvent: everyone,
    ShippingAddress: everyone,
    OrderConnection: everyone,
    OrderEdge: everyone,
    PageInfo: everyone,
    ChatMessage: everyone,
    ChatMessageConnection: everyone,
    ChatMessageEdge: everyone,
    SalesReport: admins,
    SalesDay: admins,
    Money: everyone,

    OrderQuote: everyone,
    OrderQuoteItem: everyone,
    QuoteOrderPayload: everyone,
    PlaceOrderPayload: members,
    PayOrderPayload: members,
    CancelOrderPayload: members,
    SendMessagePayload: members,
    ShipOrderPayload: admins,
    ShipOrdersPayload: admins,
    DeliverOrderPayload: admins,
    RefundOrderPayload: admins,
    UserError: everyone,

    'User.id': everyone,
    'User.orders': ownerAndAdmins((user: { readonly id: string }) => user.id),

    Product: everyone,
  },
};
