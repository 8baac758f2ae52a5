import { readId } from '../../kit/ids.ts';
import type { ReviewResolvers } from './types.generated.ts';

/** The resolvers of the type `Review`. */
export const Review: ReviewResolvers = {
  __resolveReference: ({ id }, { load }) =>
    readId(id) === undefined ? null : load.reviews.byId.load(id),

  user: ({ userId }) => ({ __typename: 'User', id: userId }),

  product: async ({ id, productId }, _, { load }) => {
    const product = await load.products.byId.load(productId);
    if (!product)
      throw new Error(`Review ${id} is about product ${productId}, which does not exist.`);
    return product;
  },
};
