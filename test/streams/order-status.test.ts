import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { until } from '../support/until.ts';
import { placeOrder } from './place-order.ts';
import { openStream, type OpenStream } from './read-events.ts';

describeOnEachDatabase('streams: the state of an order', (open) => {
  let shop: TestStorefront;
  let john: string;
  let jane: string;
  let admin: string;
  let id: string;
  beforeAll(async () => {
    shop = await startTestStorefront({ home: await open() });
    [john, jane, admin] = (await Promise.all(
      [accounts.john, accounts.jane, accounts.admin].map((account) => shop.login(account)),
    )) as [string, string, string];
    id = await placeOrder(shop, john);
  });
  afterAll(async () => {
    await shop.stop();
  });

  const query = `subscription ($id: ID!, $now: Boolean! = false) {
    orderStatusChanged(orderId: $id, withCurrent: $now) {
      id status events { type } user { name } items { product { name } }
    }
  }`;
  const openFor = (token: string | undefined, variables: object) =>
    openStream(shop.gatewayUrl, query, {
      variables,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });

  it('tells the owner and an admin of each change, from the present state on, with what other subgraphs know', async () => {
    const streams = [await openFor(john, { id, now: true }), await openFor(admin, { id })];
    const [owners, admins] = streams;
    await until(() => owners?.events.length === 1);
    await shop.ask(admin, `mutation { shipOrder(input: { id: "${id}" }) { order { id } } }`);
    await until(() => owners?.events.length === 2 && admins?.events.length === 1);
    await shop.ask(admin, `mutation { deliverOrder(input: { id: "${id}" }) { order { id } } }`);
    await until(() => owners?.events.length === 3 && admins?.events.length === 2);
    const states = owners?.events.map(
      ({ data }) =>
        (data as { data: { orderStatusChanged: { status: string } } }).data.orderStatusChanged,
    );
    expect(states?.map(({ status }) => status)).toEqual(['PAID', 'SHIPPED', 'DELIVERED']);
    expect(states?.[2]).toMatchObject({
      id,
      user: { name: 'John Doe' },
      events: expect.arrayContaining([{ type: 'DELIVERED' }]),
      items: [{ product: { name: expect.any(String) } }],
    });
    for (const stream of streams) stream.leave();
  });

  it('is closed to everybody else before it opens', async () => {
    for (const [token, asked, code] of [
      [jane, id, 'NOT_FOUND'],
      [john, '999999', 'NOT_FOUND'],
      [john, 'no-id', 'NOT_FOUND'],
      [undefined, id, 'UNAUTHENTICATED'],
    ] as const) {
      const stream = await openFor(token, { id: asked, now: true });
      await stream.ended;
      expect(stream.events).toMatchObject([
        { name: 'next', data: { errors: [{ extensions: { code } }] } },
        { name: 'complete' },
      ]);
      expect(JSON.stringify(stream.events)).not.toContain('PAID');
    }
  });

  it('ends with its session: by a logout, a new password and a refresh token that is used twice', async () => {
    const ended = async (stream: OpenStream): Promise<void> => {
      await stream.ended;
      expect(stream.events).toMatchObject([
        { data: { errors: [{ extensions: { code: 'SUBSCRIPTION_SESSION_ENDED' } }] } },
        { name: 'complete' },
      ]);
    };
    const [here, elsewhere] = [
      await shop.login(accounts.jane),
      await shop.login(accounts.jane),
    ] as const;
    const order = await placeOrder(shop, here);
    const [first, second] = [
      await openFor(here, { id: order }),
      await openFor(elsewhere, { id: order }),
    ] as const;
    await shop.ask(here, 'mutation { logout { user { id } } }');
    await ended(first);
    expect((await shop.ask(here, '{ me { id } }')).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(second.events).toEqual([]);
    const change = await shop.ask(
      jane,
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { session { accessToken refreshToken } } }',
      { input: { currentPassword: accounts.jane.password, newPassword: 'another long password' } },
    );
    await ended(second);
    const { session } = (change.data as { changePassword: { session: Record<string, string> } })
      .changePassword;
    const third = await openFor(session.accessToken, { id: order });
    const refresh = () =>
      shop.ask(
        undefined,
        'mutation ($token: String!) { refreshToken(input: { refreshToken: $token }) { session { expiresIn } } }',
        { token: session.refreshToken },
      );
    await refresh();
    expect(third.events).toEqual([]);
    await refresh();
    await ended(third);
  });
});
