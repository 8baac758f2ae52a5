import { AppError } from '../../../common/errors.ts';
import { isAdmin, isUser, type Viewer } from '../../../common/viewer.ts';
import type { Changes } from '../../kit/streams/changes.ts';
import { followValue } from '../../kit/streams/followed-value.ts';
import type { OrderRepository } from '../data/repository.ts';
import type { Order } from '../domain/order.ts';

/** Follows orders. */
export interface OrderFollowing {
  /**
   * An order each time that its state has changed, and before that, with `withCurrent`, as it is. Throws NOT_FOUND for an
   * order that does not exist for the viewer.
   */
  follow(
    orderId: string,
    viewer: Viewer,
    options: { readonly withCurrent: boolean },
  ): Promise<AsyncIterableIterator<Order>>;
  /** Ends everything. */
  close(): Promise<void>;
}

/** Makes the service. */
export function createOrderFollowing(orders: OrderRepository, changes: Changes): OrderFollowing {
  return {
    async follow(orderId, viewer, { withCurrent }) {
      const read = async (): Promise<Order> => {
        const [order] = await orders.byIds([orderId]);
        if (order && (isAdmin(viewer) || isUser(viewer, order.userId))) return order;
        throw new AppError('NOT_FOUND', 'There is no such order.');
      };
      // Before anything is followed: an id that does not exist costs a single statement.
      const { id } = await read();
      return followValue({
        follow: (onChange) => changes.follow(id, onChange),
        read,
        isSame: (one, other) => one.status === other.status,
        withFirst: withCurrent,
      });
    },
    close: () => changes.close(),
  };
}
