import { isAdmin, type Viewer } from '../../../common/viewer.ts';
import type { Product } from './product.ts';

/**
 * Whether the viewer finds archived products: admins do; for others they do not exist. This applies to every way to
 * look up products (`product`, `productBySku`, `products`, `searchProducts`, `catalog`). A reference to a product, from
 * an order or a review, resolves for everybody: what was bought stays readable.
 */
export function findsArchived(viewer: Viewer): boolean {
  return isAdmin(viewer);
}

/** The product if the viewer finds it, otherwise null. */
export function ifFound(viewer: Viewer, product: Product | null): Product | null {
  return product?.archivedAt == null || findsArchived(viewer) ? product : null;
}
