import { PassThrough } from 'node:stream';
import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { systemClock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { inventoryService } from '../../subgraphs/kit/grpc/inventory-contract.ts';
import { type GrpcServer, openGrpcServer } from '../../subgraphs/kit/grpc/open-server.ts';
import { createProductRepository } from '../../subgraphs/products/data/product-repository.ts';
import { createReservationRepository } from '../../subgraphs/products/data/reservation-repository.ts';
import type { ProductsTables } from '../../subgraphs/products/data/tables.ts';
import { serveInventory } from '../../subgraphs/products/services/inventory.ts';
import { products } from '../../subgraphs/products/subgraph.ts';
import { openTestHome } from '../support/database.ts';
import { type GenericClient, openGenericClient } from '../support/grpc.ts';

/** A database that refuses the reservation of one order. */
describe('products/reserving many', () => {
  const statements: string[] = [];
  let logged = '';
  let home: DatabaseHome;
  let database: Kysely<ProductsTables>;
  let server: GrpcServer;
  let client: GenericClient;

  beforeAll(async () => {
    home = await openTestHome((statement) => statements.push(statement.sql));
    database = home.connect('products');
    await migrate(database, 'products', products.migrations);
    await sql`insert into products.products (id, sku, name, price_minor, stock, weight_grams)
      overriding system value values (1, 'A-1', 'A product', 100, 50, 1)`.execute(database);
    await sql`create function products.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'the secret of order 13'; end $$`.execute(database);
    await sql`create trigger refuse before insert on products.reservations for each row
      when (new.order_id = 13) execute function products.refuse()`.execute(database);
    const lines = new PassThrough();
    lines.on('data', (chunk: Buffer) => (logged += chunk.toString()));
    server = await openGrpcServer({
      address: { host: '127.0.0.1', port: 0, portSetting: 'THE_SETTING' },
      services: [
        serveInventory({
          products: createProductRepository(database),
          reservations: createReservationRepository(database),
          verifyService: () => 'orders',
          clock: systemClock,
        }),
      ],
      drain: { delayMs: 0, timeoutMs: 10_000 },
      clock: systemClock,
      log: createLogger('test', 'info', lines),
    });
    client = openGenericClient(server.address);
  });
  afterAll(async () => {
    client.close();
    await server.stop();
    await home.close();
  });

  it('takes the pieces of many orders by one statement', async () => {
    const before = statements.length;
    const { results } = await reserve(['1', '2', '3', '4', '5'].map(orderOf));
    expect(results).toMatchObject(Array(5).fill({ response: { outcome: 'HELD' } }));
    expect(statements.slice(before)).toEqual([expect.stringContaining('"reservations"')]);
    expect(await stock()).toBe(45);
  });

  it('hides an unexpected failure of one order, and logs it as of the request that wants it', async () => {
    const held = { response: expect.objectContaining({ outcome: 'HELD' }) };
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { results } = await reserve([
      { ...orderOf('12'), correlation_id: 'correlation-of-12' },
      { ...orderOf('13'), correlation_id: 'correlation-of-13', traceparent },
      { ...orderOf('14'), correlation_id: 'correlation-of-14' },
    ]);
    expect(results).toMatchObject([
      held,
      { failure: { code: status.INTERNAL, message: 'Internal error' } },
      held,
    ]);
    expect(await stock()).toBe(43);
    expect(JSON.parse(logged)).toMatchObject({
      msg: 'call failed',
      call: `/${inventoryService}/ReserveMany`,
      correlationId: 'correlation-of-13',
      traceparent,
      err: { message: 'the secret of order 13' },
    });
  });

  it('logs a failure as of the call when its order says nothing else', async () => {
    logged = '';
    await reserve([orderOf('13')]);
    expect(JSON.parse(logged)).toMatchObject({ correlationId: 'correlation-of-the-call' });
  });

  async function reserve(
    orders: readonly object[],
  ): Promise<{ readonly results: readonly object[] }> {
    const metadata = new Metadata();
    metadata.set('x-service-identity', 'an identity');
    metadata.set('x-correlation-id', 'correlation-of-the-call');
    const answer = await client.call(`${inventoryService}/ReserveMany`, { orders }, metadata);
    return answer as { readonly results: readonly object[] };
  }

  async function stock(): Promise<number | undefined> {
    const row = await database.selectFrom('products').select('stock').executeTakeFirst();
    return row?.stock;
  }
});

function orderOf(id: string): object {
  return { order_id: id, items: [{ product_id: '1', quantity: 1 }] };
}
