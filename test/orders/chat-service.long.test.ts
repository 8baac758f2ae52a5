import { setTimeout as pause } from 'node:timers/promises';
import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createServiceIdentitySigner } from '../../common/service-identity.ts';
import { describeOnEachDatabase, openTestHome } from '../support/database.ts';
import { type GenericClient, openGenericClient } from '../support/grpc.ts';
import { until } from '../support/until.ts';
import { openChat, readHistory, serviceMetadata } from './chat-caller.ts';
import { messageAdded, messagesIn, say, textsOf } from './chat-texts.ts';
import { followOrders } from './follow-orders.ts';
import { john, type Shop, useShop } from './shop.ts';

/** A client of a shop, for the tests of one `describe`. */
function useClient(shop: Shop): () => GenericClient {
  let client: GenericClient;
  beforeAll(() => {
    client = openGenericClient(shop.ordersGrpc());
  });
  afterAll(() => {
    client.close();
  });
  return () => client;
}

function createOrders(shop: Shop) {
  return async (): Promise<string> => {
    const { id } = await shop
      .orders()
      .insertInto('orders')
      .values({ user_id: '1', status: 'PAID', currency_code: 'USD' })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  };
}

describeOnEachDatabase('orders/chat-service', (open) => {
  const shop = useShop(open, {
    chat: { messagesPerMinute: 2_000, maxRoomsPerStream: 3, maxStreams: 4 },
  });
  const client = useClient(shop);
  const newOrder = createOrders(shop);

  it('is described by reflection, and tells its health', async () => {
    expect(await client().list()).toEqual(
      expect.arrayContaining(['chat.ChatService', 'grpc.health.v1.Health']),
    );
    const health = await client().call('grpc.health.v1.Health/Check', {
      service: 'chat.ChatService',
    });
    expect(health).toEqual({ status: 'SERVING' });
  });

  it('is one room with GraphQL: each message arrives on the other side, once and in order, and is kept', async () => {
    const room = await newOrder();
    const stream = await followOrders(shop.ordersUrl(), john, messageAdded, { id: room });
    const support = await openChat(client());
    const watcher = await openChat(client());
    support.say(room, '3', 'Can I help?');
    watcher.say(room, '3', '');
    await until(() => support.got.length === 1);
    await say(shop.ask, john, room, 'Where is it?');
    await until(() => support.got.length === 2);
    support.say(room, '3', 'On its way.');
    support.say(room, '3', 'It arrives today.');
    await until(() => support.got.length === 4 && messagesIn(stream).length === 4);
    const all = ['Can I help?', 'Where is it?', 'On its way.', 'It arrives today.'];
    expect(textsOf(messagesIn(stream))).toEqual(all);
    expect(messagesIn(stream).map(({ role }) => role)).toEqual([
      'SUPPORT',
      'CUSTOMER',
      'SUPPORT',
      'SUPPORT',
    ]);
    expect(support.got).toEqual(
      messagesIn(stream).map(({ text, sender, sentAt }) => ({
        user_id: sender.id,
        message: text,
        timestamp: String(Date.parse(sentAt)),
        room_id: room,
      })),
    );
    await until(() => watcher.texts().at(-1) === all.at(-1));
    expect(all.join()).toContain(watcher.texts().join());
    expect(await readHistory(client(), room)).toEqual(support.got);
    expect((await readHistory(client(), room, 2)).map(({ message }) => message)).toEqual(
      all.slice(2),
    );
    for (const each of [support, watcher]) each.call.end();
    expect((await support.ended).code).toBe(status.OK);
    stream.leave();
  });

  it('gives a caller that sends no more its own messages, and ends', async () => {
    const room = await newOrder();
    const caller = await openChat(client());
    const said = Array.from({ length: 40 }, (_, index) => `message ${index}`);
    for (const text of said) caller.say(room, '1', text);
    caller.call.end();
    expect((await caller.ended).code).toBe(status.OK);
    expect(caller.texts()).toEqual(said);
    expect((await readHistory(client(), room)).map(({ message }) => message)).toEqual(said);
  });

  it('has a history that is longer than what it reads at a time', async () => {
    const room = await newOrder();
    const caller = await openChat(client());
    const said = Array.from({ length: 120 }, (_, index) => `message ${index}`);
    for (const text of said) caller.say(room, '1', text);
    caller.call.end();
    await caller.ended;
    const texts = async (limit: number) =>
      (await readHistory(client(), room, limit)).map(({ message }) => message);
    expect(await texts(1_000)).toEqual(said);
    expect(await texts(110)).toEqual(said.slice(-110));
    expect(await texts(0)).toEqual(said.slice(-50));
  });

  it('lets one go on when another dies without a word, and forgets the dead one', async () => {
    const room = await newOrder();
    const dying = openGenericClient(shop.ordersGrpc());
    const [left, right, dead] = [
      await openChat(client()),
      await openChat(client()),
      await openChat(dying),
    ];
    for (const each of [left, right, dead]) each.say(room, '3', 'here');
    await until(() => [left, right, dead].every(({ texts }) => texts().includes('here')));
    dying.close();
    dead.call.cancel();
    left.say(room, '3', 'still there?');
    await until(() => right.texts().includes('still there?'));
    left.call.cancel();
    right.call.cancel();
    // All four places are free again.
    await until(async () => {
      const callers = await Promise.all([0, 1, 2, 3].map(() => openChat(client())));
      for (const caller of callers) caller.say(room, '3', '');
      for (const caller of callers) caller.call.end();
      const codes = await Promise.all(callers.map(({ ended }) => ended));
      return codes.every(({ details }) => details === 'OK');
    });
  });

  it.each([
    ['an order that does not exist', ['999999', '1', 'Hi'], status.NOT_FOUND, /no room "999999"/],
    ['no order', ['no-id', '1', 'Hi'], status.NOT_FOUND, /no room "no-id"/],
    ['no account', ['123', '', 'Hi'], status.INVALID_ARGUMENT, /id of an account/],
    ['a control character', ['123', '1', 'a\u0007'], status.INVALID_ARGUMENT, /1 to 4000/],
    ['too long a text', ['123', '1', 'x'.repeat(4_001)], status.INVALID_ARGUMENT, /1 to 4000/],
    ['a huge message', ['123', '1', 'x'.repeat(40_000)], status.RESOURCE_EXHAUSTED, /./],
  ] as const)('ends a stream that sends %s', async (_what, [room, account, text], code, why) => {
    const caller = await openChat(client());
    caller.say(room, account, text);
    expect(await caller.ended).toEqual({ code, details: expect.stringMatching(why) });
    expect(caller.got).toEqual([]);
  });

  it('has limits for rooms of a stream, and for streams', async () => {
    const ids = [await newOrder(), await newOrder(), await newOrder(), await newOrder()];
    const greedy = await openChat(client());
    for (const id of ids) greedy.say(id, '1', 'Hi');
    expect(await greedy.ended).toEqual({
      code: status.RESOURCE_EXHAUSTED,
      details: 'A stream is in 3 rooms at most: open another one.',
    });
    const four = await Promise.all([0, 1, 2, 3].map(() => openChat(client())));
    for (const each of four) each.say(ids[0] ?? '', '1', 'Hi');
    await until(() => four.every(({ got }) => got.length > 0));
    expect(await (await openChat(client())).ended).toEqual({
      code: status.RESOURCE_EXHAUSTED,
      details: 'This server has 4 streams, which is the most.',
    });
    for (const each of four) each.call.cancel();
  });

  it('refuses a history of nothing, of too much, and of no room', async () => {
    for (const [limit, room, code] of [
      [-1, '123', status.INVALID_ARGUMENT],
      [1_001, '123', status.INVALID_ARGUMENT],
      [1, '999999', status.NOT_FOUND],
    ] as const) {
      await expect(readHistory(client(), room, limit)).rejects.toMatchObject({ code });
    }
  });

  it('is for services with a signed identity alone', async () => {
    const wrong = new Metadata();
    const other = { service: 'helpdesk', audience: 'products' };
    const key = 'another key, which has 32 bytes or more';
    wrong.set('x-service-identity', createServiceIdentitySigner(other, key)());
    for (const metadata of [new Metadata(), wrong]) {
      const caller = await openChat(client(), { metadata });
      caller.say('123', '1', 'Hi');
      expect((await caller.ended).code).toBe(status.UNAUTHENTICATED);
      const history = await client().stream('chat.ChatService/GetHistory', {}, metadata);
      const all = history.toArray();
      await expect(all).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    }
    expect(serviceMetadata().get('x-service-identity')).toHaveLength(1);
  });
});

describe('orders/chat-service: a member that does not read', () => {
  const shop = useShop(openTestHome, { chat: { messagesPerMinute: 10_000, readerMaxMs: 1_500 } });
  const client = useClient(shop);
  const newOrder = createOrders(shop);

  it('is ended with a clear status, costs the others nothing and holds no memory', async () => {
    const room = await newOrder();
    const idle = await openChat(client(), { reads: false });
    const reader = await openChat(client());
    for (const [index, each] of [reader, idle].entries()) {
      each.say(room, '1', 'here');
      await until(() => reader.texts().length === index + 1);
    }
    // What is on the way to a reader is small beside these 24 MB.
    const count = 2_000;
    await sql`with chat as (
        update orders.order_chats set last_number = last_number + ${count}::int where order_id = ${room}
          returning order_id, last_number - ${count}::int as last, last_sent_at
      )
      insert into orders.order_messages (order_id, number, sender_id, sender_role, text, sent_at)
        select order_id, last + n, 3, 'SUPPORT', repeat('€', 4000), last_sent_at + n * interval '1 ms'
        from chat, generate_series(1, ${count}::int) n`.execute(shop.orders());
    await until(() => reader.got.length === count + 2);
    await pause(2_000);
    expect(idle.got).toHaveLength(1);
    idle.call.removeAllListeners('data');
    let got = 0;
    idle.call.on('data', () => {
      got += 1;
    });
    idle.call.resume();
    expect(await idle.ended).toEqual({
      code: status.DEADLINE_EXCEEDED,
      details: 'Nothing was read for 1500 ms: the stream was ended.',
    });
    expect(got).toBeLessThan(count / 4);
    reader.call.end();
    await reader.ended;
  });
});
