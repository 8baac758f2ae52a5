import { type Money, money } from '../../../common/money.ts';

/** How a product must be handled, in the words of the schema's `Handling`. */
export type Handling = 'STANDARD' | 'FRAGILE' | 'BULKY';

const baseMinor = 399;
const stepMinor = 50;
const stepGrams = 500;
const maxGrams = 1_000_000;

const surchargesMinor: ReadonlyMap<Handling, number> = new Map([
  ['STANDARD', 0],
  ['FRAGILE', 250],
  ['BULKY', 1_500],
]);

/** Reads a way of handling from an untrusted value. */
export function isHandling(value: unknown): value is Handling {
  return surchargesMinor.has(value as Handling);
}

/** Reads a weight from an untrusted value: a whole number of grams, 1 to 1,000,000; no parcel weighs more. */
export function isWeightGrams(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maxGrams;
}

/**
 * What shipping one piece costs: 3.99, and 0.50 for each started 500 g, and a surcharge for its handling. An estimate
 * to show beside a product: weight and handling come from another service, so no order's money is made of it.
 */
export function shippingCost(weightGrams: number, handling: Handling): Money {
  const steps = Math.ceil(weightGrams / stepGrams);
  return money(baseMinor + stepMinor * steps + (surchargesMinor.get(handling) ?? 0));
}
