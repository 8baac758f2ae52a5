import type { Attributes, Counter, Histogram, Meter, ObservableGauge } from '@opentelemetry/api';
import { AppError } from '../../common/errors.ts';
import type { AttemptOutcome } from '../consumers/receive.ts';
import type { Backlog } from './backlog.ts';

/** Measures what relays and consumers do. Each call costs about a microsecond. */
export interface EventMetrics {
  /** A batch of an outbox that was not empty: how many of its events were published, and why not all. */
  relayed(outbox: string, published: number, seconds: number, failure?: Error): void;
  /** A delivery that a consumer received, whatever came of it. */
  received(consumer: string): void;
  /** An attempt to handle an event. */
  handled(consumer: string, outcome: AttemptOutcome, seconds: number, failure?: Error): void;
  /** A delivery begins to wait because the machine is busy, or has waited. */
  givesWay(change: 1 | -1): void;
}

/** What is measured, and with what. */
export interface EventMetricsOptions {
  readonly meter: Meter;
  /** The name of the bus: `messaging.system`. */
  readonly system: string;
  /** Reads what waits, when the metrics are read. */
  readonly readBacklog: () => Promise<Backlog>;
}

/** Those that OpenTelemetry recommends for messaging, in seconds, and one for handlers that wait for others. */
const durationBoundaries = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30,
];

/**
 * Creates the metrics: by the semantic conventions of OpenTelemetry for messaging where they have a name (`messaging.*`), and
 * `events.*` for what only an outbox, retries and dead letters have.
 */
export function createEventMetrics({
  meter,
  system,
  readBacklog,
}: EventMetricsOptions): EventMetrics {
  const sent = meter.createCounter('messaging.client.sent.messages', {
    description: 'Events that the relay has published.',
    unit: '{message}',
  });
  const consumed = meter.createCounter('messaging.client.consumed.messages', {
    description: 'Deliveries that a consumer has received, with those that come again.',
    unit: '{message}',
  });
  const processed = meter.createHistogram('messaging.process.duration', {
    ...seconds('How long handling an event took, by its outcome; the count is that of attempts.'),
  });
  const batches = meter.createHistogram('events.relay.batch.duration', {
    ...seconds('How long publishing a batch of an outbox took; the count is that of batches.'),
  });
  const givingWay = meter.createUpDownCounter('events.give_way.waiting', {
    description: 'Deliveries that wait because the machine is busy.',
    unit: '{event}',
  });
  observeBacklog(meter, system, readBacklog);

  const ofSystem = { 'messaging.system': system };
  const sentBy = remembered((outbox) => ({
    ...ofSystem,
    'messaging.operation.name': 'send',
    'events.outbox': outbox,
  }));
  const receivedBy = remembered((consumer) => ({
    ...ofSystem,
    'messaging.operation.name': 'receive',
    [consumerGroup]: consumer,
  }));
  const handledBy = {
    done: remembered((consumer) => ofAttempt(system, consumer, 'done')),
    retried: remembered((consumer) => ofAttempt(system, consumer, 'retried')),
    dead: remembered((consumer) => ofAttempt(system, consumer, 'dead')),
  };
  // Also when none has waited yet.
  givingWay.add(0, ofSystem);
  const batchesOf = remembered((outbox) => ({ ...ofSystem, 'events.outbox': outbox }));

  return {
    relayed(outbox, published, took, failure) {
      if (published > 0) add(sent, published, sentBy(outbox));
      record(batches, took, batchesOf(outbox), failure);
    },
    received(consumer) {
      add(consumed, 1, receivedBy(consumer));
    },
    handled(consumer, outcome, took, failure) {
      record(processed, took, handledBy[outcome](consumer), failure);
    },
    givesWay(change) {
      givingWay.add(change, ofSystem);
    },
  };
}

const consumerGroup = 'messaging.consumer.group.name';

function ofAttempt(system: string, consumer: string, outcome: AttemptOutcome): Attributes {
  return {
    'messaging.system': system,
    'messaging.operation.name': 'process',
    [consumerGroup]: consumer,
    'events.outcome': outcome,
  };
}

function seconds(description: string) {
  return {
    description,
    unit: 's',
    advice: { explicitBucketBoundaries: durationBoundaries },
  };
}

function add(counter: Counter, value: number, attributes: Attributes): void {
  counter.add(value, attributes);
}

function record(
  histogram: Histogram,
  value: number,
  attributes: Attributes,
  failure: Error | undefined,
): void {
  // Failures are rare enough for attributes of their own.
  const all = failure ? { ...attributes, 'error.type': errorTypeOf(failure) } : attributes;
  histogram.record(value, all);
}

function errorTypeOf(error: Error): string {
  return error instanceof AppError ? error.code : error.constructor.name;
}

/** Makes the attributes of each name once. There are as many names as outboxes and consumers. */
function remembered(attributesOf: (name: string) => Attributes): (name: string) => Attributes {
  const known = new Map<string, Attributes>();
  return (name) => {
    const attributes = known.get(name) ?? attributesOf(name);
    known.set(name, attributes);
    return attributes;
  };
}

/** What cannot be read is absent, rather than 0. */
function observeBacklog(meter: Meter, system: string, readBacklog: () => Promise<Backlog>): void {
  const gauge = (name: string, unit: string, description: string): ObservableGauge =>
    meter.createObservableGauge(name, { unit, description });
  const gauges = {
    outboxWaiting: gauge(
      'events.outbox.waiting',
      '{event}',
      'Events of an outbox that are not published; counted up to events.outboxMax.',
    ),
    outboxAge: gauge(
      'events.outbox.oldest.age',
      's',
      'How long the oldest of them has waited; 0 for none.',
    ),
    queueWaiting: gauge('events.queue.waiting', '{event}', 'Events that wait for a consumer.'),
    retryWaiting: gauge(
      'events.retry.waiting',
      '{event}',
      'Failed deliveries to a consumer that wait for another attempt.',
    ),
    deadLetters: gauge(
      'events.dead_letter.waiting',
      '{event}',
      'Events that a consumer has given up, which wait for an operator.',
    ),
    connected: gauge(
      'events.bus.connected',
      '1',
      'Whether the bus answered when it was last asked: 1 or 0.',
    ),
  };
  meter.addBatchObservableCallback(async (result) => {
    const { outboxes, consumers } = await readBacklog();
    for (const { service, waiting, oldestSeconds } of outboxes ?? []) {
      const attributes = { 'events.outbox': service };
      result.observe(gauges.outboxWaiting, waiting, attributes);
      result.observe(gauges.outboxAge, oldestSeconds, attributes);
    }
    for (const { consumer, waiting, delayed, dead } of consumers ?? []) {
      const attributes = { 'messaging.system': system, [consumerGroup]: consumer };
      result.observe(gauges.queueWaiting, waiting, attributes);
      result.observe(gauges.retryWaiting, delayed, attributes);
      result.observe(gauges.deadLetters, dead, attributes);
    }
    result.observe(gauges.connected, consumers ? 1 : 0, { 'messaging.system': system });
  }, Object.values(gauges));
}
