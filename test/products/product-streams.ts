import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type ClientReadableStream, status } from '@grpc/grpc-js';
import { beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { GenericClient } from '../support/grpc.ts';
import { until } from '../support/until.ts';
import type { ProductsUnderTest } from './products-subgraph.ts';

const list = 'ecommerce.ProductService/ListProducts';
const pageSize = 200;

/** The largest part of a stream that is on its way: a window of HTTP/2 and some pages. */
const maxReadAhead = 2_000;

/** What a stream of many products is for its reader and for the database, with so many products more. */
export function describeStreams({
  client,
  database,
  statements,
  count,
}: Pick<ProductsUnderTest, 'database' | 'statements'> & {
  readonly client: () => GenericClient;
  readonly count: number;
}): void {
  beforeAll(async () => {
    await database()
      .transaction()
      .execute(async (transaction) => {
        await sql`set local statement_timeout = 0`.execute(transaction);
        await sql`insert into products.products (id, sku, name, price_minor, stock, weight_grams)
          select 100000 + n, 'MANY-' || n, rpad('One of many ' || n, 200, '.'), n, 1, 1
          from generate_series(1, ${count}::bigint) n`.execute(transaction);
      });
  });

  it('lists all of the catalogue, each once, in the order of the ids', async () => {
    const stream = await client().stream(list, {});
    const ids: number[] = [];
    for await (const { id } of stream as AsyncIterable<{ readonly id: number }>) ids.push(id);
    expect(ids.slice(-count)).toEqual(Array.from({ length: count }, (_, n) => 100_001 + n));
    expect(ids.slice(0, 23)).toEqual(Array.from({ length: 23 }, (_, n) => 1 + n));
  });

  it('reads no further than a slow reader has come', async () => {
    const before = pagesRead();
    const stream = await client().stream(list, {});
    let taken = 0;
    stream.on('data', () => {
      taken += 1;
      stream.pause();
    });
    for (const part of [1, 1_000, 2_000]) {
      while (taken < part) {
        stream.resume();
        await pause(0);
      }
      // All that is under way comes to rest: what is read then waits for the reader.
      const readAhead = ((await settled(pagesRead)) - before) * pageSize - part;
      expect(readAhead).toBeLessThan(maxReadAhead);
    }
    stream.on('error', () => undefined);
    stream.cancel();
  });

  it('asks the database nothing more for a reader who has cancelled', async () => {
    const before = pagesRead();
    const stream = await client().stream(list, {});
    await firstOf(stream);
    const ended = once(stream, 'end');
    stream.cancel();
    stream.resume();
    await expect(ended).rejects.toMatchObject({ code: status.CANCELLED });
    expect(((await settled(pagesRead)) - before) * pageSize).toBeLessThan(maxReadAhead);
    await until(async () => (await openStatements()) === 0);
  });

  function pagesRead(): number {
    const isPage = (text: string): boolean =>
      text.includes('"archived_at" is null order by "id" limit');
    return statements().filter(isPage).length;
  }

  /** Statements of others that are running in the database; an embedded one has none except this one. */
  async function openStatements(): Promise<number> {
    const { rows } = await sql<{ count: string }>`select count(*) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`.execute(
      database(),
    );
    return Number(rows[0]?.count);
  }
}

/** Takes one message and then no more. */
async function firstOf(stream: ClientReadableStream<unknown>): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.once('data', () => {
      stream.pause();
      resolve();
    });
  });
}

/** The value once it has not changed for a while. */
async function settled(read: () => number): Promise<number> {
  for (let value = read(); ; value = read()) {
    await pause(300);
    if (read() === value) return value;
  }
}
