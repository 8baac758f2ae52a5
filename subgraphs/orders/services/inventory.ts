import { money } from '../../../common/money.ts';
import { createServiceIdentitySigner } from '../../../common/service-identity.ts';
import {
  inventoryMaxItems,
  type InventoryMethods,
  inventoryOwner,
  inventoryPackage,
  inventoryService,
  type ProductMessage,
} from '../../kit/grpc/inventory-contract.ts';
import { type CallTrace, openChannel } from '../../kit/grpc/open-channel.ts';
import { readIds } from '../../kit/ids.ts';
import { createTogether } from '../../kit/together.ts';
import type { WantedItem } from '../domain/order-request.ts';
import type { CurrentProduct } from '../domain/price-items.ts';
import { isHandling } from '../domain/shipping.ts';
import type { InventorySettings } from '../load-settings.ts';
import { createReserveCall } from './reserve-call.ts';

/** The outcome of reserving the pieces of an order. */
export type ReserveOutcome =
  /** The stock is reserved until then, or sold. */
  | { readonly kind: 'held'; readonly expiresAt: Date; readonly isSold: boolean }
  /** Nothing is reserved. */
  | {
      readonly kind: 'short';
      readonly shortages: readonly { readonly productId: string; readonly available: number }[];
    }
  /** The reservation was released earlier: nothing can be reserved for this order any more. */
  | { readonly kind: 'ended' };

/**
 * The inventory, owned by products. Each call is idempotent, and retried automatically when no server accepted
 * it. All reject with AppError SUBGRAPH_TIMEOUT or SUBGRAPH_ERROR when products is unavailable.
 */
export interface Inventory {
  /** Current products by id, including archived ones; missing ones are left out. */
  products(ids: readonly string[], trace: CallTrace): Promise<ReadonlyMap<string, CurrentProduct>>;
  /** Reserves the stock of an order, and marks it as sold with the same call if that is wanted. */
  reserve(
    order: {
      readonly id: string;
      readonly items: readonly WantedItem[];
      readonly isSold: boolean;
    },
    trace: CallTrace,
  ): Promise<ReserveOutcome>;
  /** Marks an order's reservation as sold; false when it was released earlier. */
  confirm(orderId: string, trace: CallTrace): Promise<boolean>;
  /** Returns the stock of an order, reserved or sold. */
  release(orderId: string, trace: CallTrace): Promise<void>;
  /** Closes all connections. */
  close(): void;
}

/** The deadline of a call. */
const deadlineMs = 4_000;

/** Creates the client, which connects with the first call. */
export function createInventory({ address, identityKey }: InventorySettings): Inventory {
  const channel = openChannel<InventoryMethods>({
    address,
    definition: inventoryPackage,
    service: inventoryService,
    owner: inventoryOwner,
    signIdentity: createServiceIdentitySigner(
      { service: 'orders', audience: inventoryOwner },
      identityKey,
    ),
  });
  // Those of several requests by one call, which has the trace of the first.
  const products = createTogether({
    run: async (
      wanted: readonly { readonly ids: readonly string[]; readonly trace: CallTrace }[],
    ) => {
      const ids = [...new Set(readIds(wanted.flatMap((each) => each.ids)))];
      const found = new Map<string, CurrentProduct>();
      const [first] = wanted;
      if (!first) return [];
      for (let from = 0; from < ids.length; from += inventoryMaxItems) {
        const answer = await channel.call(
          'GetProducts',
          { product_ids: ids.slice(from, from + inventoryMaxItems) },
          { trace: first.trace, deadlineMs },
        );
        for (const product of answer.products) found.set(product.id, toProduct(product));
      }
      return wanted.map(() => found);
    },
    most: 50,
  });
  const reserve = createReserveCall(channel, deadlineMs);
  return {
    async products(ids, trace) {
      const found = await products({ ids, trace });
      return new Map(
        ids.flatMap((id) => {
          const product = found.get(id);
          return product ? [[id, product]] : [];
        }),
      );
    },

    async reserve({ id, items, isSold }, trace) {
      const { outcome, expires_at_ms, shortages, confirmed } = await reserve(
        {
          order_id: id,
          confirm: isSold,
          items: items.map(({ productId, quantity }) => ({ product_id: productId, quantity })),
        },
        trace,
      );
      switch (outcome) {
        case 'HELD':
          return {
            kind: 'held',
            expiresAt: new Date(Number(expires_at_ms)),
            isSold: confirmed,
          };
        case 'OUT_OF_STOCK':
          return {
            kind: 'short',
            shortages: shortages.map(({ product_id: productId, available }) => ({
              productId,
              available,
            })),
          };
        case 'ENDED':
          return { kind: 'ended' };
        default:
          throw new Error(`Expected an outcome of Reserve, got ${outcome}.`);
      }
    },

    async confirm(orderId, trace) {
      const { confirmed } = await channel.call(
        'Confirm',
        { order_id: orderId },
        { trace, deadlineMs },
      );
      return confirmed;
    },

    async release(orderId, trace) {
      await channel.call('Release', { order_id: orderId }, { trace, deadlineMs });
    },

    close: () => {
      channel.close();
    },
  };
}

function toProduct(product: ProductMessage): CurrentProduct {
  const { id, sku, name, stock, handling } = product;
  if (!isHandling(handling)) throw new Error(`Expected a way of handling, got ${handling}.`);
  return {
    id,
    sku,
    name,
    unitPrice: { ...money(Number(product.price_minor)), currencyCode: product.currency_code },
    stock,
    weightGrams: product.weight_grams,
    handling,
    isArchived: product.archived,
  };
}
