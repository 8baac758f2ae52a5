import { type AccessTable, admins, everyone, members } from '../kit/access.ts';

/**
 * Who may see and do what in the catalogue. Which products a viewer finds, archived ones or not, is said in
 * `domain/visibility.ts`: it is a matter of where a product is looked for, not of the product.
 */
export const access: AccessTable = {
  fields: {
    Query: everyone,

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
