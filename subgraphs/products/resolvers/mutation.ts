import { AppError } from '../../../common/errors.ts';
import { readId } from '../../kit/ids.ts';
import { inputError } from '../../kit/payload.ts';
import type { ProductsContext } from '../context.ts';
import { readNewProduct, readProductChange } from '../domain/product-input.ts';
import { faultsOfReview, tidyComment } from '../domain/review.ts';
import type { MutationResolvers } from './types.generated.ts';

/** The resolvers of the type `Mutation`. */
export const Mutation: MutationResolvers = {
  async createProduct(_, given, { products, load }) {
    const product = await products.insert(readNewProduct(given));
    load.products.remember(product);
    return product;
  },

  async updateProduct(_, { id, ...given }, { products, load }) {
    const change = readProductChange(given);
    if (readId(id) === undefined) return null;
    const product = await products.update(id, change);
    if (!product) return null;
    load.products.remember(product);
    return product;
  },

  async archiveProduct(_, { input }, { products, load }) {
    const product = readId(input.id) === undefined ? undefined : await products.archive(input.id);
    if (!product) return { product: null, userErrors: [productNotFound('id', input.id)] };
    load.products.remember(product);
    return { product, userErrors: [] };
  },

  async addReview(_, { input: { productId, rating, ...rest } }, context) {
    const comment = tidyComment(rest.comment);
    const faults = faultsOfReview({ rating, comment });
    if (faults.length > 0) {
      const userErrors = faults.map(({ code, field, message }) => inputError(code, field, message));
      return { review: null, userErrors };
    }
    const userId = userIdOf(context);
    const outcome =
      readId(productId) === undefined
        ? 'PRODUCT_NOT_FOUND'
        : await context.reviews.insert({ productId, userId, rating, comment });
    switch (outcome) {
      case 'PRODUCT_NOT_FOUND':
        return { review: null, userErrors: [productNotFound('productId', productId)] };
      case 'ALREADY_REVIEWED':
        return { review: null, userErrors: [alreadyReviewed] };
      default:
        context.load.reviews.forgetAll();
        return { review: outcome, userErrors: [] };
    }
  },
};

const alreadyReviewed = inputError(
  'ALREADY_REVIEWED',
  'productId',
  'You have already reviewed this product; only one review is allowed.',
);

function productNotFound(field: string, id: string) {
  return inputError('PRODUCT_NOT_FOUND', field, `There is no product with the id "${id}".`);
}

function userIdOf({ viewer }: ProductsContext): string {
  // The access table allows only authenticated viewers here.
  if (viewer.kind !== 'user') throw new AppError('UNAUTHENTICATED', 'Log in to write a review.');
  return viewer.id;
}
