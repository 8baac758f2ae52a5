import { subtotalOf } from '../domain/order.ts';
import type { OrderItemResolvers } from './types.generated.ts';

export const OrderItem: OrderItemResolvers = {
  product: ({ productId, sku }) => ({ __typename: 'Product', id: productId, sku }),
  subtotal: subtotalOf,
};
