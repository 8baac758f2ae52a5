import { afterEach, describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLSchema, parse } from 'graphql';
import type { EventSink } from '../fetching/event-source.ts';
import type { ReadySubscription } from '../operation/ready-subscription.ts';
import type { SubscriptionRequest } from './subscription-request.ts';
import { Subscriptions } from './subscriptions.ts';

const schema = buildSchema('type Query { a: Int } type Subscription { a: Int }');

describe('subscriptions of a gateway', () => {
  let stop: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await stop?.();
  });

  /** A source whose subgraph can move, and where its subscriptions were opened. */
  const start = (reloadSpreadMs: number) => {
    let url = 'http://old/';
    let tell: ((update: { readonly apiSchema: GraphQLSchema }) => void) | undefined;
    const opened: { readonly url: string; readonly sink: EventSink; isClosed: boolean }[] = [];
    const ready = (): ReadySubscription => ({
      plan: { node: undefined },
      ...{ field: 'a', subgraph: 'one', channel: undefined },
      opening: { subgraph: 'one', body: 'subscription { a }' } as never,
      open: (sink) => {
        const entry = { url, sink, isClosed: false };
        opened.push(entry);
        return { close: () => (entry.isClosed = true) };
      },
      complete: () => Promise.resolve({ json: '{}' } as never),
    });
    const subscriptions = new Subscriptions({
      source: {
        subscribe: () => Promise.resolve(ready()),
        get subgraphAddresses() {
          return [{ name: 'one', url }];
        },
        onSchemaLoadOrUpdate: (callback) => (tell = callback),
      },
      settings: {
        ...{ maxOpen: 2_000, maxPerViewer: 2_000, heartbeatMs: 60_000 },
        ...{ newestOnly: [], replaying: [], queueMax: 4, queueMaxBytes: 100, reloadSpreadMs },
      },
      ...{ eventTimeoutMs: 1_000, format: undefined as never, clock: { now: () => 0 } },
      onFailure: (error) => {
        throw error;
      },
    });
    stop = () => subscriptions.stop();
    const request = {
      owner: 'ann',
      valid: { document: parse('subscription { a }'), context: {} },
      sharingKeyOf: ({ body }: { readonly body: string }) => body,
      atCredentialsEnd: () => undefined,
      onErrors: () => undefined,
      onEnded: () => undefined,
    } as unknown as SubscriptionRequest;
    return {
      subscriptions,
      opened,
      open: () => subscriptions.open(ready(), request),
      moveTo: (next: string) => {
        url = next;
        tell?.({ apiSchema: schema });
      },
    };
  };

  it.each([1, 2, 600])(
    'join none at the address that their subgraph had before (%s are open there)',
    (count) => {
      const { open, opened, moveTo, subscriptions } = start(60_000);
      const before = Array.from({ length: count }, open);
      moveTo('http://new/');
      const after = [open(), open()];
      expect(opened.map(({ url }) => url)).toEqual(['http://old/', 'http://new/']);
      for (const stream of before) stream.leave();
      expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, false]);
      for (const stream of after) stream.leave();
      expect([opened.map(({ isClosed }) => isClosed), subscriptions.size]).toEqual([
        [true, true],
        0,
      ]);
    },
  );
});
