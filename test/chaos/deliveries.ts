import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ShopDatabase } from '../support/shop-database.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';

/** What reaches customers and other systems, as they see it. */
export interface Deliveries {
  readonly smtpUrl: string;
  readonly webhookUrl: string;
  /** Takes a line of the shop's log, where it writes the messages that go to no provider. */
  logged(line: string): void;
  /** How many events have come by each channel. */
  counts(): Readonly<Record<string, number>>;
  /** What came twice though it may come once, or out of order, since the last look. `query` tells the order of events. */
  wrong(query: ShopDatabase['query']): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts a mail server and a receiver of webhooks, each in this process. */
export async function receiveDeliveries(): Promise<Deliveries> {
  const mail: SmtpSink = await startSmtpSink(() => 'take');
  const mailed = new Set<string>();
  let looked = 0;
  const messaged = new Set<string>();
  let messagedTwice: string[] = [];
  const called = new Set<string>();
  let calls: { readonly id: string; readonly key: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { userkey: key } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        userkey: string;
      };
      const id = String(request.headers['webhook-id']);
      // A receiver may be called again, and knows by the id that it has been.
      if (!called.has(id)) calls.push({ id, key });
      called.add(id);
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    smtpUrl: mail.url,
    webhookUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    counts() {
      const counts: Record<string, number> = { email: mailed.size, webhook: called.size };
      for (const message of messaged) {
        const channel = message.split(' ').at(-1) ?? '';
        counts[channel] = (counts[channel] ?? 0) + 1;
      }
      return counts;
    },
    logged(line) {
      if (!line.includes('"msg":"a message to a customer"')) return;
      const { channel, event } = JSON.parse(line) as { channel: string; event: string };
      const message = `event ${event} by ${channel}`;
      if (messaged.has(message)) messagedTwice.push(`${message} was sent twice`);
      messaged.add(message);
    },
    async wrong(query) {
      const wrong = messagedTwice;
      messagedTwice = [];
      for (; looked < mail.taken.length; looked += 1) {
        const id = /^Message-ID: <([^@]+)@shop>$/im.exec(mail.taken[looked]?.content ?? '')?.[1];
        if (id === undefined) wrong.push('an e-mail that names no event');
        else if (mailed.has(id)) wrong.push(`event ${id} was e-mailed twice`);
        else mailed.add(id);
      }
      const seen = calls;
      calls = [];
      return [...wrong, ...(await outOfOrder(query, seen))];
    },
    async stop() {
      await mail.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The longest time from the time of an event to the commit of its transaction: for a connection, and for a statement. */
const longestWriteMs = 10_000;

interface Written {
  readonly place: number;
  readonly atMs: number;
  readonly orderId: string;
  readonly type: string;
}

/**
 * Events that reached a receiver after a later one of their customer. Of one order, that is by their places in the outbox. Orders
 * of a customer may change at the same time, and such events may come in either order: there, a later one is one whose
 * transaction began when that of the other had ended.
 */
async function outOfOrder(
  query: ShopDatabase['query'],
  seen: readonly { readonly id: string; readonly key: string }[],
): Promise<readonly string[]> {
  const rows = await query<Written & { readonly id: string }>(
    `select event_id::text as id, id::int as place, type, event::json ->> 'orderkey' as "orderId",
        (extract(epoch from (event::json ->> 'time')::timestamptz) * 1000)::float8 as "atMs"
      from orders.outbox where event_id = any ($1::uuid[])`,
    [seen.map(({ id }) => id)],
  );
  const written = new Map(rows.map((row) => [row.id, row]));
  const before = new Map<string, Written[]>();
  return seen.flatMap(({ id, key }) => {
    const event = written.get(id);
    if (!event) return [`event ${id} of customer ${key} was never written`];
    const earlier = before.get(key) ?? [];
    before.set(key, [...earlier, event]);
    const later = earlier.find(({ orderId, place, atMs }) =>
      orderId === event.orderId ? place > event.place : atMs - event.atMs > longestWriteMs,
    );
    if (!later) return [];
    return [
      `event ${id} of customer ${key}, ${event.type} of order ${event.orderId}, came after a later one, ${later.type} of order ${later.orderId}`,
    ];
  });
}

/** Events that are not published, or that a consumer has not dealt with, dead letters apart. */
export async function undelivered(
  query: ShopDatabase['query'],
  consumers: readonly string[],
): Promise<number> {
  const [row] = await query<{ count: number }>(
    `select ((select count(*) from orders.outbox where published_at is null)
      + (select count(*) from orders.outbox o cross join unnest($1::text[]) as c (consumer)
          left join notifications.inbox i on i.consumer = c.consumer and i.event_id = o.event_id::text
          where (c.consumer like '%webhook%' or o.type <> 'shop.stock.reserved.v1' and (c.consumer not like '%sms'
              or o.type in ('shop.order.cancelled.v1', 'shop.order.refunded.v1', 'shop.order.rejected.v1')))
            and coalesce(i.state, '') not in ('done', 'unknown', 'dead')))::int as count`,
    [consumers],
  );
  return row?.count ?? 0;
}

/** The ids of the events that are dead letters, each with its consumer. */
export async function deadLetters(query: ShopDatabase['query']): Promise<readonly string[]> {
  const rows = await query<{ letter: string }>(
    `select consumer || ' ' || event_id as letter from notifications.inbox where state = 'dead' order by 1`,
  );
  return rows.map(({ letter }) => letter);
}
