import { type Money, money } from '../../../common/money.ts';
import type { Fault } from './fault.ts';
import type { WantedItem } from './order-request.ts';
import type { Handling } from './shipping.ts';

/** The current state of a product. */
export interface CurrentProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: Money;
  /** The available quantity. */
  readonly stock: number;
  readonly weightGrams: number;
  readonly handling: Handling;
  readonly isArchived: boolean;
}

/** A requested item with its current product. */
export interface PricedItem extends WantedItem {
  readonly product: CurrentProduct;
}

/** The maximum unit price in an order: 100,000,000.00, so that the largest total is exact. */
const maxUnitPrice = money(10_000_000_000);

/** The items with their products, or their faults. */
export function priceItems(
  items: readonly WantedItem[],
  products: ReadonlyMap<string, CurrentProduct>,
  path: readonly string[],
): { readonly items: readonly PricedItem[]; readonly faults: readonly Fault[] } {
  const priced: PricedItem[] = [];
  const faults: Fault[] = [];
  for (const [index, { productId, quantity }] of items.entries()) {
    const at = [...path, String(index), 'productId'];
    const product = products.get(productId);
    if (!product || product.isArchived) {
      const message = `The shop does not sell a product with the id "${productId}".`;
      faults.push({ code: 'PRODUCT_NOT_FOUND', message, path: at });
    } else if (product.unitPrice.amountMinor > maxUnitPrice.amountMinor) {
      const message = `"${product.name}" costs too much to be ordered here.`;
      faults.push({ code: 'PRICE_TOO_HIGH', message, path: at });
    } else {
      priced.push({ productId, quantity, product });
    }
  }
  return { items: priced, faults };
}
