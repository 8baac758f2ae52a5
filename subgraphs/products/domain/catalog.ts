import { readPrice, readText } from './product-input.ts';

/** The sort orders of the catalogue; equal products are ordered by id. */
export type CatalogSort = 'NAME_ASC' | 'PRICE_ASC' | 'PRICE_DESC' | 'NEWEST';

/** Which products of the catalogue: all conditions must hold. Prices are in minor units. */
export interface CatalogQuery {
  readonly search?: string;
  readonly minPriceMinor?: number;
  readonly maxPriceMinor?: number;
  readonly inStock?: boolean;
}

const maxSearchLength = 100;

/** Reads a filter of the catalogue; null counts as absent. Throws AppError BAD_USER_INPUT. */
export function readCatalogFilter(
  filter:
    | {
        readonly search?: string | null | undefined;
        readonly minPrice?: number | null | undefined;
        readonly maxPrice?: number | null | undefined;
        readonly inStock?: boolean | null | undefined;
      }
    | null
    | undefined,
): CatalogQuery {
  const { search, minPrice, maxPrice, inStock } = filter ?? {};
  return {
    ...(search != null && { search: readSearch('search', search) }),
    ...(minPrice != null && { minPriceMinor: readPrice('minPrice', minPrice) }),
    ...(maxPrice != null && { maxPriceMinor: readPrice('maxPrice', maxPrice) }),
    ...(inStock != null && { inStock }),
  };
}

/** Reads a search text. Errors call it `name`. Throws AppError BAD_USER_INPUT. */
export function readSearch(name: string, part: string): string {
  return readText(name, part, maxSearchLength);
}
