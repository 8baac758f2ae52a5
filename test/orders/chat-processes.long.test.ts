import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import { freePort } from '../support/free-port.ts';
import { type GenericClient, openGenericClient } from '../support/grpc.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/postgres.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import type { Answer, Ask } from '../support/subgraph.ts';
import { until } from '../support/until.ts';
import { openChat, readHistory } from './chat-caller.ts';
import { messageAdded, messagesIn, say, textsOf } from './chat-texts.ts';
import { followOrders } from './follow-orders.ts';
import { admin, john } from './shop.ts';

const sign = createIdentitySigner('orders', developmentIdentityKey('orders'));
const room = '123';

(postgresUrl === undefined ? describe.skip : describe)('two processes of orders', () => {
  let directory: string;
  let database: TestDatabase;
  const members: { process: StartedProcess; url: string; client: GenericClient; ask: Ask }[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'chat-'));
    database = await createTestDatabase(postgresUrl ?? '');
    for (let count = 0; count < 2; count += 1) members.push(await startMember());
  });
  afterAll(async () => {
    for (const { process, client } of members) {
      client.close();
      await process.end('SIGTERM');
    }
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  async function startMember() {
    const grpcPort = await freePort();
    const process = startProcess(
      'subgraphs/orders/main.ts',
      { DATABASE_URL: database.url, DATA_DIR: directory, ORDERS_PORT: '0' },
      { settings: { chat: { grpcPort, messagesPerMinute: 1_000 } } },
    );
    const line = await process.waitFor(/\{[^\n]*"msg":"listening"[^\n]*/);
    const { url, companionAddress } = JSON.parse(line[0]) as Record<string, string>;
    expect(companionAddress).toBe(`127.0.0.1:${grpcPort}`);
    const ask: Ask = async (viewer, query, variables) => {
      const response = await fetch(`${url ?? ''}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [identityHeader]: sign(viewer).token },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
    };
    return { process, url: url ?? '', client: openGenericClient(companionAddress ?? ''), ask };
  }

  it('tell each other what is said, by GraphQL and gRPC, once and in one order for all', async () => {
    const [here, there] = members as [(typeof members)[0], (typeof members)[0]];
    const streams = [
      await followOrders(here.url, john, messageAdded, { id: room }),
      await followOrders(there.url, admin, messageAdded, { id: room }),
    ] as const;
    const callers = [await openChat(here.client), await openChat(there.client)] as const;
    for (const [index, caller] of callers.entries()) caller.say(room, '3', `joins ${index}`);
    await until(() => callers.every(({ got }) => got.length > 0));
    await Promise.all([
      ...[here, there].map(async ({ ask }, place) => {
        for (let round = 0; round < 15; round += 1)
          await say(ask, place === 0 ? john : admin, room, `GraphQL ${place} ${round}`);
      }),
      ...callers.map(async (caller, place) => {
        for (let round = 0; round < 15; round += 1) {
          caller.say(room, '3', `gRPC ${place} ${round}`);
          await until(() => caller.texts().includes(`gRPC ${place} ${round}`));
        }
      }),
    ]);
    await until(() => streams.every((stream) => messagesIn(stream).length === 62));
    const history = await readHistory(there.client, room, 1_000);
    const all = history.map(({ message }) => message);
    expect(new Set(all).size).toBe(62);
    for (const stream of streams) expect(textsOf(messagesIn(stream))).toEqual(all);
    for (const caller of callers) {
      const [first] = caller.got;
      const from = history.findIndex(({ timestamp }) => timestamp === first?.timestamp);
      await until(() => caller.got.length === 62 - from);
      expect(caller.got).toEqual(history.slice(from));
    }
    for (const stream of streams) stream.leave();
    for (const caller of callers) caller.call.cancel();
  });

  it('lose nothing that is kept when one is killed, and those at the other go on', async () => {
    const [here, there] = members as [(typeof members)[0], (typeof members)[0]];
    const stays = await openChat(there.client);
    const goes = await openChat(here.client);
    for (const caller of [stays, goes]) caller.say(room, '3', '');
    await say(here.ask, john, room, 'before');
    await until(() => stays.texts().includes('before') && goes.texts().includes('before'));
    await here.process.end('SIGKILL');
    expect((await goes.ended).code).not.toBe(0);
    await say(there.ask, john, room, 'after');
    await until(() => stays.texts().includes('after'));
    const history = (await readHistory(there.client, room, 2)).map(({ message }) => message);
    expect(history).toEqual(['before', 'after']);
    expect(stays.texts()).toEqual(history);
    // One that is told to stop says so to those that are there.
    expect(await there.process.end('SIGTERM')).toBe(0);
    expect(await stays.ended).toEqual({
      code: status.UNAVAILABLE,
      details: 'The server stops: open another stream.',
    });
  });
});
