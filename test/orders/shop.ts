import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { stringify } from 'yaml';
import type { Viewer } from '../../common/viewer.ts';
import type { GatewaySettings } from '../../gateway/config/load.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import type { StartedSubgraph } from '../../subgraphs/kit/start-subgraph.ts';
import type { OrdersTables } from '../../subgraphs/orders/data/tables.ts';
import { orders } from '../../subgraphs/orders/subgraph.ts';
import type { ProductsTables } from '../../subgraphs/products/data/tables.ts';
import { products } from '../../subgraphs/products/subgraph.ts';
import type { OpenTestHome } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, type Ask, startTestSubgraph, user } from '../support/subgraph.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** Orders and products on one database, as the storefront runs them, for the tests of one `describe`. */
export interface Shop {
  /** Asks orders. */
  readonly ask: Ask;
  /** The database of both. */
  home(): DatabaseHome;
  /** Where orders listens. */
  ordersUrl(): string;
  /** Where orders serves gRPC. */
  ordersGrpc(): string;
  /** What is between orders and the stock. */
  path(): TcpProxy;
  orders(): Kysely<OrdersTables>;
  products(): Kysely<ProductsTables>;
  /** Puts a product into the catalogue, and gives its id. */
  productWith(stock: number, priceMinor?: number): Promise<string>;
  piecesOf(productId: string): Promise<Pieces>;
  /** Resolves when the pieces of a product are there: on a busy machine, what is left undone is gone on with later. */
  piecesBecome(productId: string, pieces: Pieces): Promise<void>;
  /** Asks for an order once. */
  placeOnce(viewer: Viewer, input: object): Promise<Answer>;
  /** Places an order as a customer does: asks again with the same key when the shop had no time for it. */
  place(viewer: Viewer, input: object): Promise<Answer>;
}

/** Where the pieces of a product are. */
export interface Pieces {
  readonly free: number;
  readonly held: number;
  readonly sold: number;
}

export const john = user('1');
export const jane = user('2');
export const admin = user('3', 'admin');

/** A home address of a test's customer. */
export const address = {
  name: 'John Doe',
  line1: '1 Main Street',
  city: 'Springfield',
  postalCode: '62701',
  country: 'US',
};

/** Pays at once. */
export const card = { method: 'CARD', token: 'tok_visa' };

const placeOrder = /* GraphQL */ `
  mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      order {
        id
        status
        statusReason
        total {
          amount
        }
        shipping {
          amount
        }
        totalWithShipping {
          amount
        }
        items {
          name
          quantity
          unitPrice {
            amount
          }
          product {
            id
            sku
          }
        }
        shippingAddress {
          name
          line1
          city
          postalCode
          country
        }
        events {
          type
        }
      }
      userErrors {
        code
        path
      }
    }
  }
`;

let lastKey = 0;

/** A key that no other order of these tests has. */
export function newKey(): string {
  lastKey += 1;
  return `key-of-test-${lastKey}`;
}

/** Starts both, orders with these settings, before the tests of a `describe` and stops them after it. */
export function useShop(open: OpenTestHome, settings: GatewaySettings = {}): Shop {
  let home: DatabaseHome;
  let dataDir: string;
  let proxy: TcpProxy;
  const started: (StartedSubgraph & { readonly ask: Ask })[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'shop-'));
    home = await open();
    const file = join(dataDir, 'settings.yaml');
    await writeFile(file, stringify(settings));
    const stock = await startTestSubgraph(products, home, { dataDir });
    started.push(stock);
    const port = Number(stock.companionAddress?.split(':').at(-1));
    proxy = await startTcpProxy({ port });
    started.push(
      await startTestSubgraph(orders, home, {
        dataDir,
        environment: { INVENTORY_GRPC_ADDRESS: String(proxy.port), GATEWAY_CONFIG: file },
      }),
    );
  });

  afterAll(async () => {
    for (const each of started.reverse()) await each.stop();
    await proxy.stop();
    await home.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const ask: Ask = async (...given) => {
    const [, server] = started;
    if (!server) throw new Error('Orders has not started.');
    return server.ask(...given);
  };
  const productsTables = (): Kysely<ProductsTables> => home.connect('products');
  const placeOnce: Shop['placeOnce'] = (viewer, input) =>
    ask(viewer, placeOrder, {
      input: { idempotencyKey: newKey(), shippingAddress: address, payment: card, ...input },
    });
  return {
    ask,
    home: () => home,
    ordersUrl: () => started[1]?.url ?? '',
    ordersGrpc: () => started[1]?.companionAddress ?? '',
    placeOnce,
    path: () => proxy,
    orders: () => home.connect('orders'),
    products: productsTables,
    async productWith(stock, priceMinor = 1_000) {
      const { id } = await productsTables()
        .insertInto('products')
        .values({
          sku: `SKU-${Math.random().toString(36).slice(2).toUpperCase()}`,
          name: 'A product',
          price_minor: String(priceMinor),
          stock,
          weight_grams: 500,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    piecesOf: (productId) => piecesOf(productsTables(), productId),
    async piecesBecome(productId, pieces) {
      await eventually(
        () => piecesOf(productsTables(), productId),
        (now) => isDeepStrictEqual({ ...now }, pieces),
      );
    },
    async place(viewer, input) {
      const keyed = { idempotencyKey: newKey(), ...input };
      return eventually(
        () => placeOnce(viewer, keyed),
        ({ data, errors }) => errors === undefined && !hadNoTime(data.placeOrder),
      );
    },
  };
}

function hadNoTime({
  userErrors,
}: {
  readonly userErrors: readonly { readonly code: string }[];
}): boolean {
  return userErrors.some(({ code }) => code === 'PRODUCTS_UNAVAILABLE');
}

async function piecesOf(database: Kysely<ProductsTables>, id: string): Promise<Pieces> {
  const { rows } = await sql<Pieces>`
    select stock as free,
      (select coalesce(sum(quantity), 0)::int from products.reservation_items join products.reservations using (order_id)
        where product_id = products.id and state = 'HELD') as held,
      (select coalesce(sum(quantity), 0)::int from products.reservation_items join products.reservations using (order_id)
        where product_id = products.id and state = 'CONFIRMED') as sold
    from products.products where id = ${id}`.execute(database);
  const [pieces] = rows;
  if (!pieces) throw new Error(`There is no product ${id}.`);
  return pieces;
}
