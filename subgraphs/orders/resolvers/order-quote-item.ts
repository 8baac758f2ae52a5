import { subtotalOf } from '../domain/order.ts';
import type { OrderQuoteItemResolvers } from './types.generated.ts';

export const OrderQuoteItem: OrderQuoteItemResolvers = {
  product: ({ product: { id, sku } }) => ({ __typename: 'Product', id, sku }),
  name: ({ product }) => product.name,
  isAvailable: ({ quantity, product }) => quantity <= product.stock,
  unitPrice: ({ product }) => product.unitPrice,
  subtotal: ({ quantity, product }) => subtotalOf({ quantity, unitPrice: product.unitPrice }),
};
