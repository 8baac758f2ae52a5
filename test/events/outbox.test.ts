import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Kysely } from 'kysely';
import { appendToOutbox } from '../../events/outbox/append-to-outbox.ts';
import type { OutboxTables } from '../../events/outbox/outbox-tables.ts';
import { partitionOf } from '../../events/outbox/partition.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { orders } from '../../subgraphs/orders/subgraph.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { cancelled } from './cancelled.ts';

describeOnEachDatabase('events/outbox', (open) => {
  let home: DatabaseHome;
  let database: Kysely<OutboxTables>;

  beforeAll(async () => {
    home = await open();
    database = home.connect('orders');
    await migrate(database, 'orders', orders.migrations);
  });
  afterAll(() => home.close());

  it('comes with the migrations of the service that writes events, each once', async () => {
    expect(await migrate(database, 'orders', orders.migrations)).toEqual([]);
  });

  it('keeps an event when its transaction commits', async () => {
    const event = cancelled({ userId: '7' });
    await database.transaction().execute((transaction) => appendToOutbox(transaction, event));
    const rows = await database
      .selectFrom('outbox')
      .selectAll()
      .where('event_id', '=', event.id)
      .execute();
    expect(rows).toEqual([
      expect.objectContaining({ type: event.type, key: '7', partition: partitionOf('7') }),
    ]);
    expect(JSON.parse(rows[0]?.event ?? '')).toEqual(event);
    expect(rows[0]?.published_at).toBeNull();
  });

  it('threat 77: has no event of a transaction that is rolled back', async () => {
    const event = cancelled({ userId: '8' });
    const failing = database.transaction().execute(async (transaction) => {
      await appendToOutbox(transaction, event);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(
      await database.selectFrom('outbox').select('id').where('key', '=', '8').execute(),
    ).toEqual([]);
  });

  it('refuses an event that no broker would take', async () => {
    const event = { ...cancelled({ userId: '9' }), data: 'x'.repeat(300_000) };
    await expect(
      database.transaction().execute((transaction) => appendToOutbox(transaction, event)),
    ).rejects.toThrow(/larger than/);
  });
});
