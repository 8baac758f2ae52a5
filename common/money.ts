/** An exact amount: whole minor units (cents for USD) of an ISO 4217 currency. */
export interface Money {
  readonly amountMinor: number;
  readonly currencyCode: string;
}

/** The sum of any number of amounts in one currency, which may be larger than an exact number. */
export interface MoneySum {
  readonly amountMinor: bigint;
  readonly currencyCode: string;
}

/** The shop's currency. */
export const shopCurrency = 'USD';

const minorUnitDigits = 2;
const minorUnits = 10 ** minorUnitDigits;

/** An amount in the shop's currency. Throws RangeError when it is not a safe integer of minor units. */
export function money(amountMinor: number): Money {
  if (!Number.isSafeInteger(amountMinor)) {
    throw new RangeError(`An amount is a whole number of minor units; got ${amountMinor}.`);
  }
  return { amountMinor, currencyCode: shopCurrency };
}

/**
 * Minor units from a decimal number such as 79.99; `undefined` when it has more than two decimals, is negative or not
 * finite, or is too large to be exact.
 */
export function minorFromDecimal(decimal: number): number | undefined {
  if (!Number.isFinite(decimal) || decimal < 0) return undefined;
  const amountMinor = Math.round(decimal * minorUnits);
  if (!Number.isSafeInteger(amountMinor)) return undefined;
  return amountMinor / minorUnits === decimal ? amountMinor : undefined;
}

/** The number nearest to the amount, such as 79.99; for display, never for sums. */
export function decimalFromMinor(amountMinor: number): number {
  return amountMinor / minorUnits;
}

/** The amount as decimal text with the currency's decimals, such as `79.99`. */
export function formatAmount({ amountMinor }: Money | MoneySum): string {
  const digits = String(amountMinor < 0 ? -amountMinor : amountMinor).padStart(
    minorUnitDigits + 1,
    '0',
  );
  const sign = amountMinor < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -minorUnitDigits)}.${digits.slice(-minorUnitDigits)}`;
}

/** The sum of amounts in one currency; zero for none. Throws a RangeError for mixed currencies or an inexact sum. */
export function sumOf(amounts: readonly Money[]): Money {
  let total = 0;
  for (const { amountMinor, currencyCode } of amounts) {
    if (currencyCode !== shopCurrency) {
      throw new RangeError(`Amounts in ${currencyCode} and ${shopCurrency} cannot be added.`);
    }
    total += amountMinor;
  }
  return money(total);
}

/** A multiple of an amount. Throws a RangeError for an inexact product. */
export function multiply(amount: Money, times: number): Money {
  return { ...money(amount.amountMinor * times), currencyCode: amount.currencyCode };
}
