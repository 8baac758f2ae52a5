import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { notificationsSection } from '../../common/notifications-section.ts';
import type { Running } from '../../common/process.ts';
import { NotSentError } from '../../events/consumers/define-consumer.ts';
import type { Contacts } from '../../events/consumers/notifications/contacts.ts';
import {
  createNotifications,
  type Notifications,
  notificationsSchema,
} from '../../events/consumers/notifications/create-notifications.ts';
import { signWebhook } from '../../events/consumers/notifications/webhook-signature.ts';
import { inboxMigrations } from '../../events/inbox/inbox-tables.ts';
import { appendToOutbox } from '../../events/outbox/append-to-outbox.ts';
import { startEvents } from '../../events/start-events.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { openTestHome } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { cancelled } from './cancelled.ts';
import { createEventHouse, type EventHouse, log } from './event-house.ts';
import { eventsConfig } from './events-config.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('notifications', () => {
  let house: EventHouse;
  let folder: string;
  let sink: SmtpSink;
  let receiver: Server;
  let received: { headers: IncomingHttpHeaders; body: string; path: string }[];
  let statusFor: (path: string) => number;
  let notifications: Notifications;
  let events: Running | undefined;
  const contacts: Contacts = {
    find: async (userId) =>
      userId === '404' ? undefined : { name: 'Ada <b>', email: `user-${userId}@shop.example` },
  };

  beforeAll(async () => {
    house = await createEventHouse(openTestHome);
    await migrate(house.home.connect(notificationsSchema), notificationsSchema, inboxMigrations);
    sink = await startSmtpSink((to) =>
      to.startsWith('user-66@') ? 'cut' : to.startsWith('user-55@') ? 'refuse' : 'take',
    );
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = request.url ?? '';
        received.push({
          headers: request.headers,
          body: Buffer.concat(chunks).toString('utf8'),
          path,
        });
        response.writeHead(statusFor(path), { location: '/elsewhere' }).end();
      });
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notifications-'));
    received = [];
    statusFor = () => 204;
  });
  afterEach(async () => {
    await events?.stop();
    await notifications.close();
    await rm(folder, { recursive: true });
  });
  afterAll(async () => {
    await sink.stop();
    receiver.close();
    await house.close();
  });

  const hook = (path: string, host = '127.0.0.1') =>
    `http://${host}:${(receiver.address() as AddressInfo).port}${path}`;
  const start = (settings: object, who = contacts): readonly string[] => {
    notifications = createNotifications({
      config: notificationsSection.parse(settings),
      contacts: who,
      dataDir: folder,
      log,
    });
    events = startEvents({
      home: house.home,
      bus: house.bus,
      config: eventsConfig({ pollMs: 20, retryDelaysMs: [20], maxTries: 3 }),
      producers: ['orders'],
      consumers: notifications.senders.map((consumer) => ({
        consumer,
        schema: notificationsSchema,
      })),
      log,
    });
    return notifications.senders.map(({ name }) => name);
  };
  const write = (event: ReturnType<typeof cancelled>) =>
    house.database.transaction().execute((transaction) => appendToOutbox(transaction, event));
  const settled = async (consumers: readonly string[]) => {
    await house.drained();
    await eventually(
      () => house.bus.lag(consumers),
      (lags) => lags.every(({ waiting, delayed }) => waiting + delayed === 0),
    );
  };
  const files = async () => readdir(join(folder, 'outbox')).catch(() => []);

  it('are files where no mail server is set, in text and HTML', async () => {
    const consumers = start({});
    expect(consumers).toEqual(['notifications-email', 'notifications-sms', 'notifications-push']);
    const event = cancelled({ userId: '1', reason: 'It <broke> & more.' });
    await write(event);
    await write(cancelled({ userId: '404' }));
    await settled(consumers);
    expect(await files()).toEqual([`${event.id}.eml`]);
    const mail = await readFile(join(folder, 'outbox', `${event.id}.eml`), 'utf8');
    expect(mail).toContain(`Message-ID: <${event.id}@shop>`);
    expect(mail).toContain('It <broke> & more.');
    expect(mail).toContain('<p>It &lt;broke&gt; &amp; more.</p>');
    expect(mail).toContain('<p>Hello Ada &lt;b&gt;,</p>');
  });

  it('go to a mail server once, and again only when it has refused them', async () => {
    const consumers = start({ smtpUrl: sink.url });
    const before = sink.contents();
    await write(cancelled({ userId: '1' }));
    await write(cancelled({ userId: '66' }));
    const refused = cancelled({ userId: '55' });
    await write(refused);
    await settled(consumers);
    expect(sink.taken.map(({ to }) => to)).toEqual(['user-1@shop.example']);
    // One that was taken, one of which it is unknown, and one that was refused as often as it is tried.
    expect(sink.contents() - before).toBe(1 + 1 + 3);
    const dead = await house.bus.deadLetters('notifications-email', 10);
    expect(dead.map(({ id }) => id)).toEqual([refused.id]);
    expect(await house.bus.drop('notifications-email', refused.id)).toBe(true);
  });

  it('fail by one channel alone', async () => {
    const failing: Contacts = {
      find: () => Promise.reject(new NotSentError('users is away')),
    };
    const webhookUrls = [hook('/good'), hook('/bad')];
    statusFor = (path) => (path === '/bad' ? 500 : 204);
    const consumers = start(
      { webhookUrls, webhookSecrets: [secret], webhookPrivateNetworks: ['127.0.0.0/8'] },
      failing,
    );
    expect(consumers).toHaveLength(5);
    const event = cancelled({ userId: '1' });
    await write(event);
    await settled(consumers);
    expect(received.filter(({ path }) => path === '/good')).toHaveLength(1);
    expect(received.filter(({ path }) => path === '/bad')).toHaveLength(3);
    const lags = await house.bus.lag(consumers);
    expect(lags.map(({ dead }) => dead)).toEqual([1, 0, 0, 0, 1]);
    await house.bus.drop('notifications-email', event.id);
  });

  it('are signed webhooks, and follow no redirect', async () => {
    statusFor = () => 302;
    const consumers = start({
      webhookUrls: [hook('/hook')],
      webhookSecrets: [secret],
      webhookPrivateNetworks: ['127.0.0.0/8'],
    });
    const event = cancelled({ userId: '1' });
    await write(event);
    await settled(consumers);
    expect(received.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook']);
    const { headers = {}, body = '' } = received[0] ?? {};
    expect(JSON.parse(body)).toEqual(event);
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);
    expect(headers).toMatchObject(signWebhook({ id: event.id, body, at }, [secret]));
  });

  it.each(['127.0.0.1', 'localhost'])('do not go to %s, which is not public', async (host) => {
    const consumers = start({
      webhookUrls: [hook('/private', host)],
      webhookSecrets: [secret],
    });
    const event = cancelled({ userId: '1' });
    await write(event);
    await settled(consumers);
    expect(received).toEqual([]);
    const [letter] = await house.bus.deadLetters(consumers.at(-1) ?? '', 1);
    expect(letter?.reason).toMatch(/not (a )?public/);
  });
});
