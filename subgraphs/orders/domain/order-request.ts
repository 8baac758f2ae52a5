import { isPlainLine } from '../../../common/is-plain-line.ts';
import type { Fault } from './fault.ts';
import type { Payment, ShippingAddress } from './order.ts';
import { isServed } from './shipping.ts';

/** A requested product and quantity. */
export interface WantedItem {
  readonly productId: string;
  readonly quantity: number;
}

/** A requested order. */
export interface OrderRequest {
  readonly idempotencyKey: string;
  readonly items: readonly WantedItem[];
  readonly shippingAddress: ShippingAddress;
  readonly payment: Payment | undefined;
}

/** The maximum number of items in an order. */
const maxItems = 100;

/** The maximum quantity of an item. */
const maxQuantity = 1_000;

const keyForm = /^[A-Za-z0-9._:-]{8,100}$/;
const tokenForm = /^[A-Za-z0-9_-]{1,100}$/;
/** A card number has 12 to 19 digits and must never reach the database. */
const cardNumber = /\d{12,}/;

const addressLengths: ReadonlyMap<Exclude<keyof ShippingAddress, 'country'>, number> = new Map([
  ['name', 100],
  ['line1', 200],
  ['city', 100],
  ['postalCode', 20],
]);

/** An address with trimmed fields. */
export function tidyAddress(address: ShippingAddress): ShippingAddress {
  const { name, line1, city, postalCode, country } = address;
  return {
    name: name.trim(),
    line1: line1.trim(),
    city: city.trim(),
    postalCode: postalCode.trim(),
    country,
  };
}

/** The faults of a request that can be found without asking anything. */
export function faultsOfRequest(request: OrderRequest): readonly Fault[] {
  const { idempotencyKey, items, shippingAddress, payment } = request;
  return [
    ...faultsOfKey(idempotencyKey),
    ...faultsOfItems(items, ['input', 'items']),
    ...faultsOfAddress(shippingAddress),
    ...(payment ? faultsOfPayment(payment) : []),
  ];
}

/** The faults of an idempotency key. */
export function faultsOfKey(key: string): readonly Fault[] {
  return keyForm.test(key) ? [] : [keyInvalid];
}

/** The faults of the items at an input path. */
export function faultsOfItems(
  items: readonly WantedItem[],
  path: readonly string[],
): readonly Fault[] {
  if (items.length < 1 || items.length > maxItems) {
    const message = `An order has 1 to ${maxItems} items; got ${items.length}.`;
    return [{ code: 'ITEMS_INVALID', message, path }];
  }
  const seen = new Set<string>();
  return items.flatMap(({ productId, quantity }, index) => {
    const faults: Fault[] = [];
    const at = [...path, String(index)];
    if (seen.has(productId)) {
      const message = `The product "${productId}" is there twice; add up its pieces.`;
      faults.push({ code: 'PRODUCT_REPEATED', message, path: [...at, 'productId'] });
    }
    seen.add(productId);
    if (quantity < 1 || quantity > maxQuantity) {
      const message = `A line has 1 to ${maxQuantity} pieces; got ${quantity}.`;
      faults.push({ code: 'QUANTITY_INVALID', message, path: [...at, 'quantity'] });
    }
    return faults;
  });
}

/** The faults of the country at an input path. */
export function faultsOfCountry(country: string, path: readonly string[]): readonly Fault[] {
  if (isServed(country)) return [];
  const message =
    'The shop does not send there; a country is given by two capital letters, such as US.';
  return [{ code: 'COUNTRY_NOT_SERVED', message, path }];
}

/** The faults of a payment. */
export function faultsOfPayment({ token }: Payment): readonly Fault[] {
  if (tokenForm.test(token) && !cardNumber.test(token)) return [];
  const message =
    'A token of the payment provider has 1 to 100 letters, digits, _ or -, and is no number of a card.';
  return [{ code: 'PAYMENT_INVALID', message, path: ['input', 'payment', 'token'] }];
}

function faultsOfAddress(address: ShippingAddress): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [field, longest] of addressLengths) {
    const { length } = Array.from(address[field]);
    if (length <= longest && isPlainLine(address[field])) continue;
    const message = `This part of an address is a line of 1 to ${longest} characters, with a letter or a digit and no control characters.`;
    faults.push({ code: 'ADDRESS_INVALID', message, path: ['input', 'shippingAddress', field] });
  }
  return [...faults, ...faultsOfCountry(address.country, ['input', 'shippingAddress', 'country'])];
}

const keyInvalid: Fault = {
  code: 'IDEMPOTENCY_KEY_INVALID',
  message: 'An idempotency key has 8 to 100 letters, digits, or any of - _ . :',
  path: ['input', 'idempotencyKey'],
};
