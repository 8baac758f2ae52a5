import { isHandling, isWeightGrams, shippingCost } from '../domain/shipping.ts';
import { idOf, type Representation } from './reference.ts';
import type { ProductResolvers } from './types.generated.ts';

export const Product: ProductResolvers = {
  /** Copies the valid values that `@requires` sent. */
  __resolveReference(reference) {
    const id = idOf(reference);
    if (id === undefined) return null;
    const { weightGrams, handling }: Representation = reference;
    return {
      __typename: 'Product',
      id,
      ...(isWeightGrams(weightGrams) && { weightGrams }),
      ...(isHandling(handling) && { handling }),
    };
  },

  shippingCost: ({ weightGrams, handling }) =>
    weightGrams === undefined || handling === undefined
      ? null
      : shippingCost(weightGrams, handling),
};
