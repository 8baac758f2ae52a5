import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import {
  AggregationTemporality,
  InstrumentType,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Logger } from '../../common/logger.ts';
import {
  createEventMetrics,
  type EventMetrics,
  type EventMetricsOptions,
} from './event-metrics.ts';

/** Metrics of events that can be read. */
export interface OpenMetrics extends EventMetrics {
  /** All of them, in the text format of Prometheus (version 0.0.4). */
  text(): Promise<string>;
  close(): Promise<void>;
}

/** Opens the metrics. They are read when somebody asks for the text: nothing is sent anywhere. */
export function openMetrics({
  log,
  ...options
}: Omit<EventMetricsOptions, 'meter'> & { readonly log: Logger }): OpenMetrics {
  const reader = new TextReader();
  const provider = new MeterProvider({ readers: [reader] });
  const metrics = createEventMetrics({ ...options, meter: provider.getMeter('events') });
  const serializer = new PrometheusSerializer('', false, undefined, true, true);
  return {
    ...metrics,
    async text() {
      const { resourceMetrics, errors } = await reader.collect();
      for (const error of errors) log.warn({ err: error }, 'a metric could not be read');
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
}

/**
 * Not the reader of the exporter: that repeats the last value of a gauge which cannot be read any more. Here a gauge has only what
 * was read now.
 */
class TextReader extends MetricReader {
  constructor() {
    super({
      aggregationTemporalitySelector: (type) =>
        type === InstrumentType.OBSERVABLE_GAUGE
          ? AggregationTemporality.DELTA
          : AggregationTemporality.CUMULATIVE,
    });
  }

  protected onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}
