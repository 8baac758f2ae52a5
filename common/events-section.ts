import { z } from 'zod';
import { withoutCredentials } from './address-credentials.ts';
import { isHostAndPort, list, takenBy, text, wholeNumber } from './setting-values.ts';

const delays: z.ZodType<readonly number[]> = z
  .array(z.int().min(1).max(86_400_000), { error: 'takes a list of milliseconds' })
  .min(1, 'takes at least one pause')
  .max(10, 'takes at most ten pauses')
  .register(takenBy, { takes: 'a list of numbers' });

const brokers = list(isHostAndPort, 'takes host:port of brokers, several with commas').refine(
  (all) => all.length > 0,
  { error: 'names no broker' },
);

/** How events reach their consumers, as a settings file says it. */
export const eventsSection = z
  .strictObject({
    amqpUrl: z
      .url({
        protocol: /^amqps?$/,
        error: ({ input }) =>
          `takes an amqp:// or amqps:// URL, not ${JSON.stringify(withoutCredentials(String(input)))}`,
      })
      .register(takenBy, { takes: 'a URL' })
      .optional()
      .describe('A RabbitMQ that carries events; without a broker, the database does.'),
    kafkaBrokers: brokers
      .register(takenBy, { takes: 'a list of host:port' })
      .optional()
      .describe(
        'Kafka brokers that carry events instead: `host:port` of some of a cluster. They must be reached without TLS and passwords.',
      ),
    port: wholeNumber(0, 65_535)
      .default(4_010)
      .describe(
        'The port at which the events process, when it runs alone, serves `/healthz`, `/readyz` and `/metrics`; 0 picks a free one.',
      ),
    metricsPort: wholeNumber(1, 65_535)
      .optional()
      .describe(
        'The port at which `npm start` serves the same of events; without it, it measures nothing.',
      ),
    outboxMax: wholeNumber(1, 100_000_000)
      .default(200_000)
      .describe(
        'How many events may wait in an outbox. Beyond that orders takes no new ones, with `OVERLOADED`.',
      ),
    prefix: text
      .default('shop')
      .describe('How the names of exchange and queues, or topic and groups, at a broker begin.'),
    relayBatch: wholeNumber(1, 1_000)
      .default(200)
      .describe('The most events that the relay publishes at a time.'),
    pollMs: wholeNumber(10, 60_000)
      .default(15_000)
      .describe(
        'How often an empty outbox, and an empty queue in the database, is looked at besides: PostgreSQL notifies at once when there is something in it.',
      ),
    publishTimeoutMs: wholeNumber(100, 20_000)
      .default(10_000)
      .describe('How long a broker may take to confirm an event.'),
    publishMaxBackoffMs: wholeNumber(100, 600_000)
      .default(5_000)
      .describe('The longest pause of the relay while a broker is away.'),
    keepPublishedHours: wholeNumber(1, 8_760)
      .default(72)
      .describe('For how many hours published events stay in the outbox.'),
    keepInboxHours: wholeNumber(1, 8_760)
      .default(336)
      .describe(
        'For how many hours a consumer remembers what it has done. What comes again after that is done again.',
      ),
    prefetch: wholeNumber(1, 1_000)
      .default(20)
      .describe('How many events a consumer has in hand at a time.'),
    giveWayMs: wholeNumber(0, 600_000)
      .optional()
      .describe(
        'While the CPUs of the machine are busy, consumers let events wait until they are this old, so that customers are served first; 0: never. 60000 in production, 0 in development. On Linux only.',
      ),
    messageTimeoutMs: wholeNumber(10, 600_000)
      .default(30_000)
      .describe('How long a consumer may take for an event.'),
    maxTries: wholeNumber(1, 100)
      .default(5)
      .describe('After so many failures an event is a dead letter.'),
    retryDelaysMs: delays
      .default([1_000, 10_000, 60_000, 600_000])
      .describe(
        'The pauses before the second try, the third and so on, in milliseconds; the last one before all others too. RabbitMQ has a queue for each.',
      ),
  })
  .refine(({ amqpUrl, kafkaBrokers }) => amqpUrl === undefined || kafkaBrokers === undefined, {
    path: ['kafkaBrokers'],
    error:
      'names a second broker beside the RabbitMQ of events.amqpUrl (AMQP_URL): set one of them',
  })
  .describe('How events are published and consumed. Read by the events process.');

/** The settings of events. */
export type EventsConfig = Readonly<z.infer<typeof eventsSection>>;
