import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { systemClock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import { LocalChannels, SupergraphGateway, type RequestContext } from '../../engine/index.ts';
import { composeSchemas } from '../composition/composed-folder.ts';
import { until } from '../support/until.ts';
import { type ChannelGraph, startChannelGraph } from './channel-graph.ts';

const docs = readFileSync('docs/streams.md', 'utf8');
const [, sdl = ''] = /### Events of a broker.*?```graphql\n(.*?)```/s.exec(docs) ?? [];
const [, channel = '', payload = ''] = /redis-cli publish (\S+) '(.*)'/.exec(docs) ?? [];

/** The example of docs/streams.md, with the library alone. */
describe('streams: the documented events', () => {
  let graph: ChannelGraph;
  beforeAll(async () => {
    graph = await startChannelGraph(sdl);
  });
  afterAll(() => graph.stop());

  it('compose, and reach those who may see them', async () => {
    const orders = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
      type Query { a: Int } type Order @key(fields: "id") { id: ID! status: String }`;
    expect(await composeSchemas({ events: sdl, orders })).toMatchObject({ ok: true });

    graph.orders.set('1', { owner: 'ann', status: 'NEW' });
    const channels = new LocalChannels();
    const gateway = new SupergraphGateway({
      supergraphSdl: graph.supergraph,
      channels,
      logger: silent,
      access: { claims: () => ({}) },
    });
    await gateway.load();
    const query = 'subscription { orderChanged(id: "1") { status } }';
    const ready = await gateway.subscribe({
      document: parse(query),
      documentKey: query,
      operationName: undefined,
      variables: {},
      context: contextOf('ann'),
      contextValue: {},
      schema: gateway.schema,
    });
    if (typeof ready === 'function') throw new Error('Expected a subscription.');
    const answers: unknown[] = [];
    const open = ready.open({
      next: (event) => {
        void ready
          .complete(Promise.resolve(event), contextOf('ann'), (error) => error.toJSON())
          .then((answer) => answers.push(answer?.json));
      },
      end: () => undefined,
    });
    await until(() => answers.length === 1);
    graph.orders.set('1', { owner: 'ann', status: 'PAID' });
    channels.publish(channel, JSON.parse(payload) as Record<string, unknown>);
    await until(() => answers.length === 2);
    open.close();
    expect(channels.size).toBe(0);
    expect(answers).toEqual(
      ['NEW', 'PAID'].map((status) => `{"data":{"orderChanged":{"status":"${status}"}}}`),
    );
    await gateway.stop();
  });
});

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Nothing is looked for in the log.
}

/** The context of a viewer, as a program makes it. */
function contextOf(id: string): RequestContext {
  const viewer = { kind: 'user', id, role: 'customer', scopes: [], sessionId: 'one' } as const;
  return {
    cancellation: undefined,
    deadlineAt: undefined,
    correlationId: undefined,
    incoming: undefined,
    headersFor: (subgraph) => {
      const sign = createIdentitySigner(subgraph, developmentIdentityKey(subgraph), systemClock);
      return [identityHeader, sign(viewer).token];
    },
  };
}
