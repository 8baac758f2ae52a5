import { decimalFromMinor, money } from '../../../common/money.ts';
import { readFirst } from '../../kit/connection.ts';
import { readId } from '../../kit/ids.ts';
import { flatShippingCost, isSku } from '../domain/product.ts';
import type { ProductResolvers } from './types.generated.ts';

/** The resolvers of the type `Product`. */
export const Product: ProductResolvers = {
  __resolveReference(reference, { load }) {
    if ('id' in reference) {
      return readId(reference.id) === undefined ? null : load.products.byId.load(reference.id);
    }
    return isSku(reference.sku) ? load.products.bySku.load(reference.sku) : null;
  },

  price: ({ priceMinor }) => decimalFromMinor(priceMinor),

  unitPrice: ({ priceMinor }) => money(priceMinor),

  inStock: ({ stock }) => stock > 0,

  shippingCost: () => flatShippingCost(),

  reviews: ({ id }, { first }, { load }) => load.reviews.newestOfProduct(readFirst(first)).load(id),

  reviewCount: async ({ id }, _, { load }) =>
    (await load.reviews.summaryOfProduct.load(id))?.count ?? 0,

  averageRating: async ({ id }, _, { load }) =>
    (await load.reviews.summaryOfProduct.load(id))?.averageRating ?? null,
};
