import { Money } from '../../kit/money.ts';
import { DateTime } from '../../kit/scalars.ts';
import { OrderItem } from './order-item.ts';
import { Order } from './order.ts';
import { Product } from './product.ts';
import { Query } from './query.ts';
import type { Resolvers } from './types.generated.ts';
import { User } from './user.ts';

/** The resolvers of orders, one map a type. */
export const resolvers: Resolvers = { DateTime, Query, Order, OrderItem, Money, User, Product };
