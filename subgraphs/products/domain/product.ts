import { type Money, money } from '../../../common/money.ts';

/** How a product must be handled on its way. */
export const handlings = ['STANDARD', 'FRAGILE', 'BULKY'] as const;
export type Handling = (typeof handlings)[number];

/** Something the shop sells. */
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
  /** When it left the catalogue; null while it is in it. */
  readonly archivedAt: Date | null;
}

const flatShippingCostMinor = 500;

/** What shipping one piece costs, whatever it weighs: the rate of the time before orders priced shipping. */
export function flatShippingCost(): Money {
  return money(flatShippingCostMinor);
}

const skuForm = /^[A-Z0-9-]{3,40}$/;
const generatedSkuForm = /^P-\d+$/;

/** True for text that has the form of a stock keeping unit: 3 to 40 of `A–Z 0–9 -`. */
export function isSku(text: unknown): text is string {
  return typeof text === 'string' && skuForm.test(text);
}

/** The stock keeping unit of a product that came without one. */
export function generatedSku(id: string): string {
  return `P-${id}`;
}

/** True for a stock keeping unit that `generatedSku` may give to a product to come: nobody may take it before. */
export function isReservedSku(sku: string): boolean {
  return generatedSkuForm.test(sku);
}
