import { type Money, money } from '../../../common/money.ts';

/** How a product must be handled in shipping. */
export const handlings = ['STANDARD', 'FRAGILE', 'BULKY'] as const;
export type Handling = (typeof handlings)[number];

/** A product of the shop. */
export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  /** The price in minor units of the shop's currency. */
  readonly priceMinor: number;
  readonly stock: number;
  readonly weightGrams: number;
  readonly handling: Handling;
  readonly createdAt: Date;
  /** When it was removed from the catalogue; null while it is in it. */
  readonly archivedAt: Date | null;
}

const flatShippingCostMinor = 500;

/** The cost of shipping one item, whatever its weight: the rate from before orders priced shipping. */
export function flatShippingCost(): Money {
  return money(flatShippingCostMinor);
}

const skuForm = /^[A-Z0-9-]{3,40}$/;
const generatedSkuForm = /^P-\d+$/;

/** True for a well-formed stock keeping unit: 3 to 40 of `A–Z 0–9 -`. */
export function isSku(text: unknown): text is string {
  return typeof text === 'string' && skuForm.test(text);
}

/** The stock keeping unit of a product that was created without one. */
export function generatedSku(id: string): string {
  return `P-${id}`;
}

/** True for a stock keeping unit that `generatedSku` may return for a future product: it cannot be chosen. */
export function isReservedSku(sku: string): boolean {
  return generatedSkuForm.test(sku);
}
