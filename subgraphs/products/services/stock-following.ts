import { AppError } from '../../../common/errors.ts';
import type { Viewer } from '../../../common/viewer.ts';
import { readId } from '../../kit/ids.ts';
import type { Changes } from '../../kit/streams/changes.ts';
import { followValue } from '../../kit/streams/followed-value.ts';
import type { ProductRepository } from '../data/product-repository.ts';
import type { Product } from '../domain/product.ts';
import { ifFound } from '../domain/visibility.ts';

/** Follows the stock of products. */
export interface StockFollowing {
  /**
   * A product each time that its stock has changed, and before that, with `withCurrent`, as it is. Ends when the viewer no
   * longer finds the product. Throws NOT_FOUND for a product that the viewer does not find.
   */
  follow(
    productId: string,
    viewer: Viewer,
    options: { readonly withCurrent: boolean },
  ): Promise<AsyncIterableIterator<Product>>;
  /** Ends everything. */
  close(): Promise<void>;
}

/** Creates the service. */
export function createStockFollowing(
  products: Pick<ProductRepository, 'byIds'>,
  changes: Changes,
): StockFollowing {
  return {
    async follow(productId, viewer, { withCurrent }) {
      const id = readId(productId);
      const read = async (): Promise<Product | undefined> => {
        const [product = null] = id === undefined ? [] : await products.byIds([id]);
        return ifFound(viewer, product) ?? undefined;
      };
      // Before anything is followed: an id that does not exist costs a single statement.
      const found = await read();
      if (!found) throw new AppError('NOT_FOUND', 'There is no such product.');
      return followValue({
        follow: (onChange) => changes.follow(found.id, onChange),
        read,
        isSame: (one, other) => one.stock === other.stock,
        withFirst: withCurrent,
      });
    },
    close: () => changes.close(),
  };
}
