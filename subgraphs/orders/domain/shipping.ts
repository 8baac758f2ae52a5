import { type Money, money } from '../../../common/money.ts';

/** The values of the schema's `Handling`. */
export type Handling = 'STANDARD' | 'FRAGILE' | 'BULKY';

/** A quantity of one product to ship. */
export interface Parcel {
  readonly quantity: number;
  /** Of one piece. */
  readonly weightGrams: number;
  readonly handling: Handling;
}

interface Rate {
  readonly baseMinor: number;
  /** For each started 500 g. */
  readonly stepMinor: number;
}

const stepGrams = 500;
const maxGrams = 1_000_000;

const home: Rate = { baseMinor: 399, stepMinor: 50 };
const neighbours: Rate = { baseMinor: 999, stepMinor: 100 };
const overseas: Rate = { baseMinor: 1_999, stepMinor: 200 };

/** The countries that the shop ships to (ISO 3166-1 alpha-2). */
const rates: ReadonlyMap<string, Rate> = new Map([
  ['US', home],
  ...each(['CA', 'MX'], neighbours),
  ...each(
    [
      ...['AT', 'BE', 'BG', 'CH', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GB', 'GR', 'HR'],
      ...['HU', 'IE', 'IS', 'IT', 'LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE'],
      ...['SI', 'SK', 'AU', 'JP', 'KR', 'NZ', 'SG'],
    ],
    overseas,
  ),
]);

const surchargesMinor: ReadonlyMap<Handling, number> = new Map([
  ['STANDARD', 0],
  ['FRAGILE', 250],
  ['BULKY', 1_500],
]);

/** Reads a way of handling from an untrusted value. */
export function isHandling(value: unknown): value is Handling {
  return surchargesMinor.has(value as Handling);
}

/** Reads a weight from an untrusted value: a whole number of grams from 1 to 1,000,000. */
export function isWeightGrams(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maxGrams;
}

/** Whether the shop ships to a country. */
export function isServed(country: string): boolean {
  return rates.has(country);
}

/**
 * The domestic shipping cost of one piece: 3.99, plus 0.50 for each started 500 g, plus a surcharge for its
 * handling. An estimate to show beside a product: weight and handling come from another service.
 */
export function shippingCost(weightGrams: number, handling: Handling): Money {
  return costOf(home, [{ quantity: 1, weightGrams, handling }]);
}

/**
 * The shipping cost of an order as one parcel: a base and a price for each started 500 g of the total weight, both
 * by country, plus the handling surcharge of each piece. `undefined` for a country that the shop does not ship to.
 */
export function shippingOf(parcels: readonly Parcel[], country: string): Money | undefined {
  const rate = rates.get(country);
  return rate && costOf(rate, parcels);
}

function costOf({ baseMinor, stepMinor }: Rate, parcels: readonly Parcel[]): Money {
  let grams = 0;
  let surchargeMinor = 0;
  for (const { quantity, weightGrams, handling } of parcels) {
    grams += quantity * weightGrams;
    surchargeMinor += quantity * (surchargesMinor.get(handling) ?? 0);
  }
  return money(baseMinor + stepMinor * Math.ceil(grams / stepGrams) + surchargeMinor);
}

function each(countries: readonly string[], rate: Rate): readonly (readonly [string, Rate])[] {
  return countries.map((country) => [country, rate] as const);
}
