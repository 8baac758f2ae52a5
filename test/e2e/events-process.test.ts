import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { createEvent } from '../../events/contracts/event-contract.ts';
import { orderCancelledV1 } from '../../events/contracts/order-events.ts';
import { appendToOutbox } from '../../events/outbox/append-to-outbox.ts';
import type { OutboxTables } from '../../events/outbox/outbox-tables.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { openPostgres } from '../../subgraphs/kit/database/postgres-home.ts';
import { orders } from '../../subgraphs/orders/subgraph.ts';
import { eventually } from '../support/eventually.ts';
import {
  type PostgresCluster,
  postgresPrograms,
  startPostgresCluster,
} from '../support/postgres-cluster.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';

const onOwnServer = postgresPrograms === undefined ? describe.skip : describe;
const skipped =
  postgresPrograms === undefined ? ': skipped, there is no PostgreSQL server here' : '';
const secret = 'of-a-role';

/** As docker-compose.yml runs it: in production, with a role of its own. */
onOwnServer(`events/main.ts${skipped}`, () => {
  const homes: DatabaseHome[] = [];
  let cluster: PostgresCluster;
  let events: StartedProcess | undefined;
  let outbox: Kysely<OutboxTables>;

  const urlOf = (role: string) => `postgres://${role}:${secret}@127.0.0.1:${cluster.port}/postgres`;
  const open = async (role: string): Promise<DatabaseHome> => {
    const times = { connectTimeoutMs: 10_000, statementTimeoutMs: 10_000 };
    const home = await openPostgres({ url: urlOf(role), poolMax: 2, ...times });
    homes.push(home);
    return home;
  };
  const makeRoles = async (): Promise<void> => {
    const { hostname, port, username } = new URL(cluster.url);
    const env = {
      PATH: `${String(postgresPrograms)}:${process.env.PATH ?? ''}`,
      PGHOST: hostname,
      PGPORT: port,
      POSTGRES_USER: username,
      POSTGRES_DB: 'postgres',
      POSTGRES_ORDERS_PASSWORD: secret,
      POSTGRES_EVENTS_PASSWORD: secret,
    };
    await new Promise<void>((resolve, reject) => {
      execFile('bash', ['deploy/postgres/roles.sh'], { env, timeout: 60_000 }, (error) => {
        if (error) reject(new Error('The roles cannot be made.', { cause: error }));
        else resolve();
      });
    });
  };

  beforeAll(async () => {
    cluster = await startPostgresCluster(String(postgresPrograms));
    await makeRoles();
    outbox = (await open('orders')).connect<OutboxTables>('orders');
    await migrate(outbox, 'orders', orders.migrations);
  }, 180_000);
  afterAll(async () => {
    events?.child.kill('SIGKILL');
    await events?.exit();
    for (const home of homes) await home.close();
    await cluster.remove();
  });

  it('publishes the outbox of orders with its own role, is ready, and ends at SIGTERM', async () => {
    await outbox.transaction().execute((transaction) => {
      const data = { orderId: '1001', userId: '7', reason: 'It was a test.' };
      const head = { source: '/shop/orders', ...data, time: new Date(), id: randomUUID() };
      const trace = { correlationId: 'of-a-test', traceparent: '' };
      return appendToOutbox(
        transaction,
        createEvent(orderCancelledV1, { ...head, ...trace, data }),
      );
    });
    events = startProcess('events/main.ts', {
      NODE_ENV: 'production',
      DATABASE_URL: urlOf('events'),
      EVENTS_PORT: '0',
      SUBGRAPH_USERS_IDENTITY_KEY: 'a key of users that is not for development',
      SUBGRAPH_ORDERS_IDENTITY_KEY: 'a key of orders that is not for development',
    });
    const [, url = ''] = await events.waitFor(/"url":"(http:[^"]+)"/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await eventually(
      async () => (await fetch(`${url}/readyz`)).json(),
      (answer) => (answer as { status: string }).status === 'ready',
    );
    await eventually(
      () => outbox.selectFrom('outbox').select('published_at').execute(),
      ([row]) => row?.published_at instanceof Date,
    );
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await metrics.text();
    expect(text).toMatch(/^messaging_client_sent_messages_total\{.*events_outbox="orders".*\} 1$/m);
    expect(text).toMatch(/^events_outbox_waiting\{events_outbox="orders"\} [01]$/m);
    expect(await events.end('SIGTERM')).toBe(0);
  }, 180_000);

  it('can do nothing else in the schema of orders, and orders nothing in its own', async () => {
    const own = (await open('events')).connect<OutboxTables>('orders');
    await sql`select from orders.outbox`.execute(own);
    for (const statement of [
      sql`select from orders.orders`,
      sql`insert into orders.outbox (event_id, type, key, partition, event)
        values (gen_random_uuid(), 'a', 'b', 0, 'c')`,
      sql`create table orders.more ()`,
    ]) {
      await expect(statement.execute(own)).rejects.toMatchObject({ code: '42501' });
    }
    await sql`select from analytics.sales`.execute(outbox);
    await expect(sql`delete from analytics.sales`.execute(outbox)).rejects.toMatchObject({
      code: '42501',
    });
    for (const schema of ['events', 'notifications', 'fulfilment']) {
      await expect(
        sql`select from ${sql.id(schema, 'migrations')}`.execute(outbox),
      ).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('gets its right to an outbox that was there before its role, when the roles are made again', async () => {
    await sql`revoke all on outbox from events`.execute(outbox);
    const own = (await open('events')).connect<OutboxTables>('orders');
    await expect(sql`select from orders.outbox`.execute(own)).rejects.toMatchObject({
      code: '42501',
    });
    await makeRoles();
    await sql`select from orders.outbox`.execute(own);
  });
});
