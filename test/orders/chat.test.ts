import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Viewer } from '../../common/viewer.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { user } from '../support/subgraph.ts';
import { until } from '../support/until.ts';
import {
  messageAdded,
  messagesIn,
  readChat,
  type SaidMessage,
  say as sayTo,
  textsOf,
} from './chat-texts.ts';
import { followOrders } from './follow-orders.ts';
import { admin, jane, john, useShop } from './shop.ts';

describeOnEachDatabase('orders/chat', (open) => {
  const shop = useShop(open, { chat: { messagesPerMinute: 500 } });
  const otherAdmin = user('9', 'admin');

  const newOrder = async (userId = '1'): Promise<string> => {
    const { id } = await shop
      .orders()
      .insertInto('orders')
      .values({ user_id: userId, status: 'PAID', currency_code: 'USD' })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  };
  const say = (viewer: Viewer, orderId: string, text: string, key?: string) =>
    sayTo(shop.ask, viewer, orderId, text, key);
  const nodesOf = async (viewer: Viewer, orderId: string): Promise<readonly SaidMessage[]> => {
    const { data } = await readChat(shop.ask, viewer, orderId);
    return data.order.messages.nodes as SaidMessage[];
  };
  const follow = (viewer: Viewer, id: string, after?: string) =>
    followOrders(shop.ordersUrl(), viewer, messageAdded, { id, after });

  it('keeps what the customer and support say, the newest first, and who said it as what', async () => {
    const id = await newOrder();
    const { data } = await say(john, id, '  Where is it?\r\nRegards ');
    expect(data.sendMessage).toEqual({
      message: {
        id: `${id}-1`,
        cursor: expect.any(String),
        sender: { id: '1' },
        role: 'CUSTOMER',
        text: 'Where is it?\nRegards',
        sentAt: expect.stringMatching(/Z$/),
      },
      userErrors: [],
    });
    await say(admin, id, 'On its way.');
    await say(otherAdmin, id, 'It arrives today.');
    const nodes = await nodesOf(john, id);
    expect(nodes.map(({ role, sender, text }) => [role, sender.id, text])).toEqual([
      ['SUPPORT', '9', 'It arrives today.'],
      ['SUPPORT', '3', 'On its way.'],
      ['CUSTOMER', '1', 'Where is it?\nRegards'],
    ]);
    expect(await nodesOf(admin, id)).toEqual(nodes);
    const times = nodes.map(({ sentAt }) => sentAt);
    expect(new Set(times).size).toBe(3);
    expect([...times].sort().reverse()).toEqual(times);
  });

  it('lets an admin speak as the customer on their own order', async () => {
    const id = await newOrder('3');
    const { data } = await say(admin, id, 'Mine');
    expect(data.sendMessage.message.role).toBe('CUSTOMER');
  });

  it('has pages, each message once', async () => {
    const id = await newOrder();
    const said = Array.from({ length: 7 }, (_, index) => `message ${index + 1}`);
    for (const text of said) await say(john, id, text);
    const pages: string[] = [];
    let after: string | undefined;
    do {
      const { data } = await readChat(shop.ask, john, id, 3, after);
      const { nodes, edges, pageInfo } = data.order.messages;
      pages.push(textsOf(nodes as SaidMessage[]).join());
      expect(edges.map(({ cursor }: { cursor: string }) => cursor)).toEqual(
        nodes.map(({ cursor }: SaidMessage) => cursor),
      );
      expect(pageInfo.hasPreviousPage).toBe(after !== undefined);
      after = pageInfo.hasNextPage ? (pageInfo.endCursor as string) : undefined;
    } while (after !== undefined);
    expect(pages).toEqual([
      'message 7,message 6,message 5',
      'message 4,message 3,message 2',
      'message 1',
    ]);
  });

  it('reads the chats of many orders with one statement, each with its own messages', async () => {
    const ids = [await newOrder('77'), await newOrder('77'), await newOrder('77')];
    for (const id of ids) await say(user('77'), id, `about ${id}`);
    const { data } = await shop.ask(
      user('77'),
      '{ _entities(representations: [{ __typename: "User", id: "77" }]) { ... on User { orders { nodes { id messages(first: 2) { nodes { text } } } } } } }',
    );
    const nodes = data._entities[0].orders.nodes as {
      id: string;
      messages: { nodes: { text: string }[] };
    }[];
    expect(nodes).toHaveLength(3);
    for (const { id, messages } of nodes) expect(messages.nodes).toEqual([{ text: `about ${id}` }]);
  });

  it('sends a request that is sent again once, however many come at the same time', async () => {
    const id = await newOrder();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => say(john, id, 'Once', 'the-same-key')),
    );
    expect(new Set(answers.map(({ data }) => data.sendMessage.message.id))).toEqual(
      new Set([`${id}-1`]),
    );
    expect(textsOf(await nodesOf(john, id))).toEqual(['Once']);
    const other = await say(john, id, 'Something else', 'the-same-key');
    expect(other.data.sendMessage).toEqual({
      message: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }],
    });
    // Keys of others, and in other chats, are no matter.
    const second = await newOrder();
    await say(john, second, 'Elsewhere', 'the-same-key');
    await say(admin, id, 'By another', 'the-same-key');
    expect(textsOf(await nodesOf(john, second))).toEqual(['Elsewhere']);
    expect(textsOf(await nodesOf(john, id))).toEqual(['By another', 'Once']);
  });

  it.each([
    ['MESSAGE_INVALID', 'message', '', 'a-key-of-this-row'],
    ['MESSAGE_INVALID', 'message', ' \n ', 'a-key-of-this-row'],
    ['MESSAGE_INVALID', 'message', 'x'.repeat(4_001), 'a-key-of-this-row'],
    ['MESSAGE_INVALID', 'message', 'a\0b', 'a-key-of-this-row'],
    ['MESSAGE_INVALID', 'message', 'a\u001b[2Jb', 'a-key-of-this-row'],
    ['IDEMPOTENCY_KEY_INVALID', 'idempotencyKey', 'fine', 'short'],
  ])('refuses with %s of %s', async (code, field, text, key) => {
    const id = await newOrder();
    const { data } = await say(john, id, text, key);
    expect(data.sendMessage).toEqual({
      message: null,
      userErrors: [{ code, path: ['input', field] }],
    });
    expect(await nodesOf(john, id)).toEqual([]);
  });

  it('is for the customer and support of the order alone: for others it does not exist', async () => {
    const id = await newOrder();
    await say(john, id, 'A secret');
    for (const orderId of [id, '999999', 'no-id']) {
      const { data, errors } = await say(jane, orderId, 'Hello?');
      expect(errors).toBeUndefined();
      expect(data.sendMessage).toEqual({
        message: null,
        userErrors: [{ code: 'ORDER_NOT_FOUND', path: ['input', 'orderId'] }],
      });
      expect((await readChat(shop.ask, jane, orderId)).data).toEqual({ order: null });
      const stream = await follow(jane, orderId);
      await stream.ended;
      expect(stream.events).toMatchObject([
        { data: { errors: [{ extensions: { code: 'NOT_FOUND' } }] } },
        { name: 'complete' },
      ]);
      expect(stream.text()).not.toContain('secret');
    }
    const anonymous: Viewer = { kind: 'anonymous' };
    expect((await say(anonymous, id, 'Hi')).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    const stream = await follow(anonymous, id);
    await stream.ended;
    expect(stream.text()).toContain('UNAUTHENTICATED');
    expect(textsOf(await nodesOf(john, id))).toEqual(['A secret']);
  });

  it('tells each message once and in order, from the one after which it is asked, of many that speak at once', async () => {
    const id = await newOrder();
    const { data: first } = await say(john, id, 'first');
    const streams = [
      await follow(john, id),
      await follow(admin, id, first.sendMessage.message.cursor as string),
    ] as const;
    const speakers = [john, admin, otherAdmin];
    await Promise.all(
      speakers.map(async (speaker, place) => {
        for (let round = 1; round <= 20; round += 1) await say(speaker, id, `${place} ${round}`);
      }),
    );
    await until(() => messagesIn(streams[0]).length >= 61 && messagesIn(streams[1]).length >= 60);
    const kept = [...(await nodesOf(john, id))].reverse();
    expect(kept.map((message) => message.id)).toEqual(
      Array.from({ length: 61 }, (_, index) => `${id}-${index + 1}`),
    );
    expect(messagesIn(streams[0])).toEqual(kept);
    expect(messagesIn(streams[1])).toEqual(kept.slice(1));
    // Each speaker's own messages are in the order in which they were said.
    for (const place of speakers.keys()) {
      const own = textsOf(kept).filter((text) => text.startsWith(`${place} `));
      expect(own).toEqual(Array.from({ length: 20 }, (_, round) => `${place} ${round + 1}`));
    }
    for (const stream of streams) stream.leave();
  });

  it('goes on where a lost subscription ended, and follows a chat that is empty', async () => {
    const id = await newOrder();
    const { data } = await readChat(shop.ask, john, id);
    const before = await follow(john, id, data.order.messages.pageInfo.startCursor as undefined);
    await say(admin, id, 'one');
    await until(() => messagesIn(before).length === 1);
    before.leave();
    await say(admin, id, 'two');
    await say(admin, id, 'three');
    const later = await follow(john, id, messagesIn(before).at(-1)?.cursor);
    await until(() => messagesIn(later).length === 2);
    await say(admin, id, 'four');
    await until(() => messagesIn(later).length === 3);
    expect(textsOf(messagesIn(later))).toEqual(['two', 'three', 'four']);
    later.leave();
  });

  it('begins at most 20 messages behind: a longer chat is read in pages first', async () => {
    const id = await newOrder();
    for (let number = 1; number <= 21; number += 1) await say(john, id, `message ${number}`);
    const refused = await follow(john, id);
    await refused.ended;
    expect(refused.text()).toContain('BAD_USER_INPUT');
    expect(messagesIn(refused)).toEqual([]);
    const [oldest] = (await nodesOf(john, id)).slice(-1);
    const stream = await follow(john, id, oldest?.cursor);
    await until(() => messagesIn(stream).length === 20);
    expect(textsOf(messagesIn(stream)).at(0)).toBe('message 2');
    stream.leave();
  });

  it('refuses a cursor that is not of this chat', async () => {
    const [id, other] = [await newOrder(), await newOrder()];
    const { data } = await say(john, other, 'elsewhere');
    const cursors = [
      data.sendMessage.message.cursor as string,
      'x',
      Buffer.from(JSON.stringify(['chat', id, '0'])).toString('base64url'),
      Buffer.from(JSON.stringify(['chat', id, '99999999999'])).toString('base64url'),
    ];
    for (const cursor of cursors) {
      const page = await readChat(shop.ask, john, id, 5, cursor);
      expect(page.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
      const stream = await follow(john, id, cursor);
      await stream.ended;
      expect(stream.text()).toContain('BAD_USER_INPUT');
    }
  });
});

describeOnEachDatabase('orders/chat: the rate', (open) => {
  const shop = useShop(open, { chat: { messagesPerMinute: 5 } });

  it('is that of an account in all of its chats, however many messages come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        sayTo(
          shop.ask,
          john,
          index % 2 === 0 ? '123' : '119',
          `message ${index}`,
          `key-of-${index}`,
        ),
      ),
    );
    const sent = answers.filter(({ errors }) => errors === undefined);
    expect(sent).toHaveLength(5);
    for (const { errors } of answers.filter((answer) => !sent.includes(answer))) {
      const { code, retryAfterSeconds } = errors?.[0]?.extensions as {
        code: string;
        retryAfterSeconds: number;
      };
      expect(code).toBe('RATE_LIMITED');
      expect(retryAfterSeconds).toBeGreaterThan(0);
      expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    }
    // What was sent before is still given to a request that is sent again; others are not held up.
    const index = answers.findIndex((answer) => sent.includes(answer));
    const again = await sayTo(
      shop.ask,
      john,
      index % 2 === 0 ? '123' : '119',
      `message ${index}`,
      `key-of-${index}`,
    );
    expect(again.data).toEqual(answers[index]?.data);
    expect((await sayTo(shop.ask, admin, '123', 'Calm down')).errors).toBeUndefined();
    // A minute later there is room again.
    await shop
      .orders()
      .updateTable('order_messages')
      .set({ sent_at: sql`sent_at - interval '1 minute'` } as never)
      .execute();
    expect((await sayTo(shop.ask, john, '123', 'Again')).errors).toBeUndefined();
  });
});
