import { z } from 'zod';
import { withoutCredentials } from '../../common/address-credentials.ts';
import { isBusUrl, kafkaBrokersOf } from '../../common/bus-url.ts';
import { type EventChannelSetting, faultsOfEventChannel } from '../../common/event-channel.ts';
import {
  flag,
  httpUrl,
  isHostAndPort,
  list,
  takenBy,
  text,
  wholeNumber,
} from '../../common/setting-values.ts';

const fields = list((name) => /^[_A-Za-z]\w*$/.test(name), 'takes a list of names of fields');

const brokerUrl: z.ZodType<string> = z
  .string({ error: 'takes a URL' })
  .superRefine((value, context) => {
    const problem = problemOfBrokerUrl(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .register(takenBy, { takes: 'a URL' });

const eventChannels: z.ZodType<readonly EventChannelSetting[]> = z
  .array(
    z.strictObject({ channel: text, event: z.record(z.string(), text), types: list().optional() }),
    { error: 'takes a list of channels' },
  )
  .min(1, 'takes at least one channel')
  .max(100, 'takes at most 100 channels')
  .superRefine((channels, context) => {
    for (const [index, channel] of channels.entries()) {
      for (const { path, message } of faultsOfEventChannel(channel)) {
        context.addIssue({ code: 'custom', path: [index, ...path], message });
      }
    }
  })
  .register(takenBy, { takes: 'a list of `channel`, `event`, `types`' });

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
        'The broker from which fields with `@event` have their events: channels of Redis (PUBLISH) or NATS, or a RabbitMQ or Kafka that carries CloudEvents, `kafka://host:port,host:port` (docs/streams.md). Kafka is reached without TLS and passwords.',
      ),
    channelsTopics: list((name) => /^[\w.-]{1,200}$/.test(name), 'takes a list of names of topics')
      .optional()
      .describe(
        'What is heard of a RabbitMQ or Kafka: the topic exchange, whose routing keys are the types of events, or the topics. Needed with these.',
      ),
    channelsOfEvents: eventChannels
      .optional()
      .describe(
        'Which channels an event of the bus (CloudEvents) goes to, and as what: `channel` and the values of `event` are texts with attributes of the event, such as `order.{subject}`; `types` are types or their beginnings, `shop.order.*`, and all without it. Needed with RabbitMQ and Kafka. In one process with the events of the database, they need no broker.',
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
  .superRefine((settings, context) => {
    for (const [key, message] of faultsOfBus(settings)) {
      context.addIssue({ code: 'custom', path: [key], message });
    }
  })
  .describe('Subscriptions. docs/streams.md shows how clients open them.');

function problemOfBrokerUrl(url: string): string | undefined {
  const shown = JSON.stringify(withoutCredentials(url));
  if (url.startsWith('kafka:')) {
    if (kafkaBrokersOf(url)?.every(isHostAndPort)) return undefined;
    return `takes kafka://host:port, several with commas, without a user and parameters, not ${shown}`;
  }
  const isUrl = /^(?:rediss?|nats|tls|amqps?):\/\//.test(url) && URL.canParse(url);
  if (!isUrl) {
    return `takes a redis://, rediss://, nats://, tls://, amqp:// or amqps:// URL, or kafka://host:port, not ${shown}`;
  }
  if (isBusUrl(url) && /[?#]/.test(url)) {
    return `takes no parameters in the URL of a RabbitMQ, such as in ${shown}`;
  }
  return undefined;
}

/** What is missing for a bus, and what is there without one. */
function faultsOfBus({
  channelsUrl: url,
  channelsTopics: topics,
  channelsOfEvents: channels,
}: {
  readonly channelsUrl?: string | undefined;
  readonly channelsTopics?: readonly string[] | undefined;
  readonly channelsOfEvents?: readonly unknown[] | undefined;
}): readonly (readonly [key: string, message: string])[] {
  const faults: [string, string][] = [];
  if (url !== undefined && isBusUrl(url)) {
    const isKafka = url.startsWith('kafka:');
    const what = isKafka ? 'the topics of Kafka' : 'the exchange of RabbitMQ';
    if (topics === undefined || topics.length === 0) {
      faults.push(['channelsTopics', `is missing: ${what} whose events are heard`]);
    } else if (!isKafka && topics.length > 1) {
      faults.push(['channelsTopics', 'takes one exchange, because channelsUrl is a RabbitMQ']);
    }
    if (channels === undefined) {
      faults.push(['channelsOfEvents', 'is missing: it says which channels an event goes to']);
    }
    return faults;
  }
  const found =
    url === undefined ? 'there is no channelsUrl' : 'channelsUrl names a broker of channels';
  if (topics !== undefined) {
    faults.push(['channelsTopics', `is only for a RabbitMQ or Kafka, and ${found}`]);
  }
  if (channels !== undefined && url !== undefined) {
    faults.push([
      'channelsOfEvents',
      `is for events of a bus, and ${found}: name a RabbitMQ or Kafka there`,
    ]);
  }
  return faults;
}
