import { z } from 'zod';
import { withoutCredentials } from '../../common/address-credentials.ts';
import { flag, httpUrl, list, takenBy, wholeNumber } from '../../common/setting-values.ts';

const fields = list((name) => /^[_A-Za-z]\w*$/.test(name), 'takes a list of names of fields');

const brokerUrl = z
  .url({
    protocol: /^(?:rediss?|nats|tls)$/,
    error: ({ input }) => {
      const shown = typeof input === 'string' ? withoutCredentials(input) : input;
      return `takes a redis://, rediss://, nats:// or tls:// URL, not ${JSON.stringify(shown)}`;
    },
  })
  .register(takenBy, { takes: 'a URL' });

/** Subscriptions: how many, how long they may be silent, and what a reader that stops may cost. */
export const subscriptionsSection = z
  .strictObject({
    maxOpen: wholeNumber(0, 1_000_000)
      .default(5_000)
      .describe('Open subscriptions of this process; more are refused with `OVERLOADED`. 0: none.'),
    maxPerViewer: wholeNumber(1, 1_000_000)
      .default(50)
      .describe(
        'Open subscriptions of one viewer, or of one address without an access token (`SUBSCRIPTION_LIMIT`).',
      ),
    heartbeatMs: wholeNumber(100, 600_000)
      .default(10_000)
      .describe('How often a quiet subscription tells its client that it lives.'),
    newestOnly: fields
      .default([])
      .describe(
        'Subscription fields whose newest event is the present state. A slow reader gets the newest event alone, and one that joins an equal subscription begins with it. Of all other fields no event is left out: a reader that is too slow is told so (`SUBSCRIPTION_TOO_SLOW`).',
      ),
    replaying: fields
      .default([])
      .describe(
        'Subscription fields that begin with what was before: the present state, or the events since a cursor. A subscription of one has its own at the subgraph as soon as the first event of an equal one has come. All others begin with the next event, and equal ones of a viewer share one at the subgraph.',
      ),
    callbackPort: wholeNumber(0, 65_535)
      .default(4020)
      .describe(
        'The port at which subgraphs with `eventProtocol: callback` post their events; 0 picks a free one. Only they need to reach it. It is closed when there is no such subgraph.',
      ),
    callbackUrl: httpUrl
      .optional()
      .describe(
        'The URL by which subgraphs reach that port, of this process and no other. Needed with `eventProtocol: callback`, except on a loopback address.',
      ),
    queueMax: wholeNumber(1, 100_000)
      .default(32)
      .describe(
        'Events of one subscription that may wait for a client that takes none at the moment. For one that reads, as many may come at once as `queueMaxBytes` holds.',
      ),
    queueMaxBytes: wholeNumber(1_024, 1024 * 1024 * 1024)
      .default(1024 * 1024)
      .describe(
        'The size of the events of one subscription that wait, with 100 bytes more for each; a single one always has room.',
      ),
    silenceMs: wholeNumber(0, 3_600_000)
      .default(60_000)
      .describe(
        'How long a subgraph may be silent: it must send an event or a comment in time. Most servers send a comment every 12 s. 0 lets it be silent forever.',
      ),
    channelsUrl: brokerUrl
      .optional()
      .describe(
        'The broker from whose channels fields with `@event` have their events: Redis (PUBLISH) or NATS (docs/streams.md).',
      ),
    channelsReconnectMs: wholeNumber(0, 3_600_000)
      .default(30_000)
      .describe(
        'How long that broker may be away before the subscriptions end that would begin again with the present state (`initial: true`). All others end at once.',
      ),
    webSockets: flag
      .default(true)
      .describe(
        'Whether clients may also use WebSockets (`graphql-transport-ws`), for operations of all kinds.',
      ),
    webSocketInitMs: wholeNumber(100, 600_000)
      .default(3_000)
      .describe('How long the client of a WebSocket may take for its first message.'),
    reloadSpreadMs: wholeNumber(0, 600_000)
      .default(5_000)
      .describe(
        'Over which time the subscriptions end that have another plan on a new supergraph; the others go on.',
      ),
  })
  .describe('Subscriptions. docs/streams.md shows how clients open them.');
