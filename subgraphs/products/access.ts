import { type AccessTable, admins, everyone, members } from '../kit/access.ts';

/**
 * The access rules of the catalogue. `domain/visibility.ts` decides whether a viewer finds archived products: that
 * depends on how a product is looked up, not on the product.
 */
export const access: AccessTable = {
  fields: {
    Query: everyone,

    // The stock is public; whether the viewer finds the product is looked at before the first event and for each.
    'Subscription.stockChanged': everyone,

    'Mutation.createProduct': admins,
    'Mutation.updateProduct': admins,
    'Mutation.archiveProduct': admins,
    'Mutation.addReview': members,

    Product: everyone,
    ProductConnection: everyone,
    ProductEdge: everyone,
    Review: everyone,
    ReviewConnection: everyone,
    ReviewEdge: everyone,
    User: everyone,
    Money: everyone,
    PageInfo: everyone,

    ArchiveProductPayload: admins,
    AddReviewPayload: members,
    UserError: everyone,
  },
};
