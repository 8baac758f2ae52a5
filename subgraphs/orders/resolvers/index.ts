import { Money } from '../../kit/money.ts';
import { DateTime } from '../../kit/scalars.ts';
import { ChatMessage } from './chat-message.ts';
import { Mutation } from './mutation.ts';
import { OrderItem } from './order-item.ts';
import { OrderQuoteItem } from './order-quote-item.ts';
import { Order } from './order.ts';
import { Product } from './product.ts';
import { Query } from './query.ts';
import { Subscription } from './subscription.ts';
import type { Resolvers } from './types.generated.ts';
import { User } from './user.ts';

/** The resolvers of orders, one map a type. */
export const resolvers: Resolvers = {
  DateTime,
  Query,
  Mutation,
  Subscription,
  ChatMessage,
  Order,
  OrderItem,
  OrderQuoteItem,
  Money,
  User,
  Product,
};
