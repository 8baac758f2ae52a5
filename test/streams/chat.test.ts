import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { until } from '../support/until.ts';
import { type OpenStream, openStream } from './read-events.ts';

const id = '123';

describeOnEachDatabase('streams: the chat on an order', (open) => {
  let shop: TestStorefront;
  let john: string;
  let jane: string;
  let admin: string;
  beforeAll(async () => {
    shop = await startTestStorefront({ home: await open() });
    [john, jane, admin] = (await Promise.all(
      [accounts.john, accounts.jane, accounts.admin].map((account) => shop.login(account)),
    )) as [string, string, string];
  });
  afterAll(async () => {
    await shop.stop();
  });

  const follow = (token: string): Promise<OpenStream> =>
    openStream(
      shop.gatewayUrl,
      `subscription ($id: ID!) {
        messageAdded(orderId: $id) { text role sender { id name email role orders { nodes { id } } } }
      }`,
      { variables: { id }, headers: { authorization: `Bearer ${token}` } },
    );
  const say = (token: string, message: string) =>
    shop.ask(
      token,
      `mutation ($input: SendMessageInput!) {
        sendMessage(input: $input) { message { text sender { name } } userErrors { code } }
      }`,
      { input: { orderId: id, message, idempotencyKey: randomUUID() } },
    );

  it('tells both sides each message, with the name of its sender and nothing private of support', async () => {
    const streams = [await follow(john), await follow(admin)] as const;
    expect((await say(john, 'Where is it?')).data.sendMessage).toEqual({
      message: { text: 'Where is it?', sender: { name: 'John Doe' } },
      userErrors: [],
    });
    await say(admin, 'On its way.');
    await until(() => streams.every(({ events }) => events.length === 2));
    const [customers, supports] = streams.map(({ events }) =>
      events.map(({ data }) => (data as { data: { messageAdded: object } }).data.messageAdded),
    );
    expect(customers).toMatchObject([
      {
        text: 'Where is it?',
        role: 'CUSTOMER',
        sender: { id: '1', name: 'John Doe', email: 'john@example.com' },
      },
      {
        text: 'On its way.',
        role: 'SUPPORT',
        sender: { id: '3', name: expect.any(String), email: null, role: null, orders: null },
      },
    ]);
    expect(supports?.map((message) => (message as { text: string }).text)).toEqual([
      'Where is it?',
      'On its way.',
    ]);
    for (const stream of streams) stream.leave();
  });

  it('is not found by another customer', async () => {
    const stream = await follow(jane);
    await stream.ended;
    expect(stream.text()).toContain('NOT_FOUND');
    expect(stream.text()).not.toContain('Where');
  });
});
