/** Who buys. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** What is sold. */
export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly stock: number;
}

/** A purchase; a line names its product by id. */
export interface Order {
  readonly id: string;
  readonly userId: string;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
}

/** The most orders that a page of the benchmark has. */
export const ordersMax = 1_000;

/** As many products as the demonstration shop sells: what `products` answers. */
export const catalogueSize = 24;

const linesPerOrder = 2;
const cursorPrefix = 'page-of-';

/** The order of the contract's main query, the only one of these that is named there. */
export const contractOrder: Order = {
  id: '123',
  userId: '1',
  lines: [
    { productId: '1', quantity: 1 },
    { productId: '2', quantity: 2 },
  ],
};

/**
 * The orders of a list. Every fifth order is by the customer of the one before, and every fourth order's second line
 * has the product of its first, so that a gateway meets some entities twice, as it does in life.
 */
export const orders: readonly Order[] = numbered(ordersMax, (n) => {
  const first = n * linesPerOrder;
  return {
    id: String(1_000 + n),
    userId: String(n % 5 === 4 ? n : n + 1),
    lines: [
      { productId: String(first + 1), quantity: 1 + (n % 3) },
      { productId: String(n % 4 === 3 ? first + 1 : first + 2), quantity: 2 },
    ],
  };
});

/** All customers, by id. */
export const users: ReadonlyMap<string, User> = byId(
  numbered(ordersMax, (n) => ({
    id: String(n + 1),
    name: n === 0 ? 'John Doe' : `Customer ${n + 1}`,
    email: n === 0 ? 'john@example.com' : `customer-${n + 1}@example.com`,
  })),
);

/** All products, by id; the first two are the contract's. */
export const products: ReadonlyMap<string, Product> = byId([
  { id: '1', sku: 'LAP-001', name: 'Laptop', price: 999.99, stock: 50 },
  { id: '2', sku: 'MOU-001', name: 'Mouse', price: 29.99, stock: 200 },
  ...numbered(ordersMax * linesPerOrder - 2, (n) => ({
    id: String(n + 3),
    sku: `SKU-${n + 3}`,
    name: `Product ${n + 3}`,
    price: (1_000 + ((n * 37) % 9_000)) / 100,
    stock: (n * 13) % 250,
  })),
]);

/** All products, by their other key. */
export const productsBySku: ReadonlyMap<string, Product> = new Map(
  [...products.values()].map((product) => [product.sku, product]),
);

/** The arguments of `orders`. */
export interface Page {
  readonly first: number;
  readonly after?: string | null;
}

/** The orders of a page: as many as `first`, or as the cursor says. */
export function pageOf({ first, after }: Page): readonly Order[] {
  return orders.slice(0, after == null ? first : Number(after.slice(cursorPrefix.length)));
}

/**
 * The cursor that asks for a page of so many orders: gateways limit `first`, and the growth of cost is shown beyond
 * that limit.
 */
export function cursorForPageOf(size: number): string {
  return `${cursorPrefix}${size}`;
}

function numbered<T>(count: number, make: (n: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

function byId<T extends { readonly id: string }>(members: readonly T[]): ReadonlyMap<string, T> {
  return new Map(members.map((member) => [member.id, member]));
}
