import type { Product } from '../domain/product.ts';
import type { SubscriptionResolvers } from './types.generated.ts';

/** The resolvers of the type `Subscription`. */
export const Subscription: SubscriptionResolvers = {
  stockChanged: {
    subscribe: (_subscription, { productId, withCurrent }, { stock, viewer }) =>
      stock.follow(productId, viewer, { withCurrent }) as never,
    resolve: (product: Product) => product,
  },
};
