import { AppError } from '../../../common/errors.ts';
import { minorFromDecimal } from '../../../common/money.ts';
import { isReservedSku, isSku } from './product.ts';

/** The values of a new product; the rest comes from the database. */
export interface NewProduct {
  /** Absent: derived from the id. */
  readonly sku: string | undefined;
  readonly name: string;
  readonly description: string | null;
  readonly priceMinor: number;
  readonly stock: number;
  readonly weightGrams: number;
}

/** Changes to a product; absent values stay as they are. */
export type ProductChange = Partial<Omit<NewProduct, 'sku'>>;

/** The default weight: a small parcel. */
const defaultWeightGrams = 500;

const maxNameLength = 200;
const maxDescriptionLength = 5_000;
const maxWeightGrams = 1_000_000;

type Given<T> = T | null | undefined;

/**
 * Reads the arguments of `createProduct`. Throws AppError BAD_USER_INPUT that says what was expected and what was
 * received.
 */
export function readNewProduct(given: {
  readonly name: string;
  readonly price: number;
  readonly stock: number;
  readonly sku?: Given<string>;
  readonly description?: Given<string>;
  readonly weightGrams?: Given<number>;
}): NewProduct {
  return {
    sku: given.sku == null ? undefined : readNewSku(given.sku),
    name: readName(given.name),
    description: readDescription(given.description ?? null),
    priceMinor: readPrice('price', given.price),
    stock: readStock(given.stock),
    weightGrams: readWeight(given.weightGrams ?? defaultWeightGrams),
  };
}

/**
 * Reads the arguments of `updateProduct`: a null description removes the description, any other null is refused. Throws
 * AppError BAD_USER_INPUT that says what was expected and what was received.
 */
export function readProductChange(given: {
  readonly name?: Given<string>;
  readonly price?: Given<number>;
  readonly stock?: Given<number>;
  readonly description?: Given<string>;
  readonly weightGrams?: Given<number>;
}): ProductChange {
  return {
    ...(given.name !== undefined && { name: readName(given.name) }),
    ...(given.price !== undefined && { priceMinor: readPrice('price', given.price) }),
    ...(given.stock !== undefined && { stock: readStock(given.stock) }),
    ...(given.description !== undefined && { description: readDescription(given.description) }),
    ...(given.weightGrams !== undefined && { weightGrams: readWeight(given.weightGrams) }),
  };
}

/** Reads a decimal price, in minor units. Errors call it `name`. Throws AppError BAD_USER_INPUT. */
export function readPrice(name: string, price: number | null): number {
  const priceMinor = price === null ? undefined : minorFromDecimal(price);
  if (priceMinor === undefined) {
    throw unexpected(name, 'a non-negative amount with at most two decimals', price);
  }
  return priceMinor;
}

/** Reads a text that must have 1 to `most` characters. Throws AppError BAD_USER_INPUT. */
export function readText(name: string, text: string | null, most: number): string {
  if (text === null) throw unexpected(name, `1 to ${most} characters`, text);
  const length = lengthOf(text);
  if (length < 1 || length > most) {
    throw unexpected(name, `1 to ${most} characters`, `${length}`);
  }
  return text;
}

function readNewSku(sku: string): string {
  if (!isSku(sku)) throw unexpected('sku', '3 to 40 of A–Z, 0–9 and -', JSON.stringify(sku));
  if (isReservedSku(sku)) {
    throw unexpected('sku', 'anything except P- and a number, which is generated from an id', sku);
  }
  return sku;
}

function readName(name: string | null): string {
  return readText('name', name?.trim() ?? null, maxNameLength);
}

function readDescription(description: string | null): string | null {
  const text = description?.trim() ?? '';
  if (lengthOf(text) > maxDescriptionLength) {
    throw unexpected('description', `up to ${maxDescriptionLength} characters`, lengthOf(text));
  }
  return text === '' ? null : text;
}

function readStock(stock: number | null): number {
  if (stock === null || stock < 0) throw unexpected('stock', 'a non-negative number', stock);
  return stock;
}

function readWeight(weightGrams: number | null): number {
  if (weightGrams === null || weightGrams < 1 || weightGrams > maxWeightGrams) {
    throw unexpected('weightGrams', `1 to ${maxWeightGrams}`, weightGrams);
  }
  return weightGrams;
}

/** Characters as the database counts them: code points, not UTF-16 units. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function unexpected(name: string, expected: string, came: string | number | null): AppError {
  return new AppError('BAD_USER_INPUT', `"${name}" takes ${expected}; got ${came ?? 'null'}.`);
}
