import { readCatalogFilter, readSearch } from '../domain/catalog.ts';
import { findsArchived, ifFound } from '../domain/visibility.ts';
import type { QueryResolvers } from './types.generated.ts';

/** The resolvers of the type `Query`. */
export const Query: QueryResolvers = {
  product: async (_, { id }, { viewer, load }) =>
    ifFound(viewer, await load.products.byId.load(id)),

  productBySku: async (_, { sku }, { viewer, load }) =>
    ifFound(viewer, await load.products.bySku.load(sku)),

  products: (_, _args, { viewer, products }) =>
    products.list({ includeArchived: findsArchived(viewer) }),

  searchProducts: (_, { name }, { viewer, products }) =>
    products.list({ includeArchived: findsArchived(viewer), search: readSearch('name', name) }),

  catalog: (_, { filter, sort, ...page }, { viewer, catalog }) =>
    catalog.page(
      { ...readCatalogFilter(filter), includeArchived: findsArchived(viewer) },
      sort,
      page,
    ),
};
