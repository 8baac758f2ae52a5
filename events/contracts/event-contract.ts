import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { faultsOf, MalformedEventError, type ShopEvent } from './event.ts';

/** Conversions between a version and the one before it. */
export interface Predecessor<TData, TBefore> {
  readonly contract: EventContract<TBefore>;
  /** Converts data of the earlier version to this one. */
  readonly up: (before: TBefore) => TData;
  /** Converts data of this version to the earlier one. */
  readonly down: (data: TData) => TBefore;
}

/** One version of a kind of event. */
export interface EventVersion {
  /** The kind, without the version: `shop.order.placed`. */
  readonly name: string;
  readonly version: number;
  /** The `type` of its events: `shop.order.placed.v1`. */
  readonly type: string;
  readonly title: string;
  readonly description: string;
  /** The schema of its data. */
  readonly data: z.ZodType;
}

/** One version of a kind of event, with its data type. */
export interface EventContract<TData> extends EventVersion {
  readonly data: z.ZodType<TData>;
  readonly predecessor: Predecessor<TData, unknown> | undefined;
}

/** Defines one version of a kind of event. A second version refers to the first and converts between both. */
export function defineEvent<TData, TBefore = never>({
  predecessor,
  ...definition
}: {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly data: z.ZodType<TData>;
  readonly predecessor?: Predecessor<TData, TBefore>;
}): EventContract<TData> {
  return {
    ...definition,
    type: `${definition.name}.v${definition.version}`,
    predecessor: predecessor as Predecessor<TData, unknown> | undefined,
  };
}

/** What a producer provides for an event. */
export interface NewEvent<TData> {
  readonly source: string;
  readonly orderId: string;
  readonly userId: string;
  readonly time: Date;
  readonly correlationId: string;
  readonly traceparent: string;
  readonly data: TData;
  /** Generated unless given; events with the same id are duplicates. */
  readonly id?: string;
}

/** Creates an event of a contract. Throws MalformedEventError for invalid data. */
export function createEvent<TData>(
  { type, data: schema }: EventContract<TData>,
  {
    id = randomUUID(),
    source,
    orderId,
    userId,
    time,
    correlationId,
    traceparent,
    data,
  }: NewEvent<TData>,
): ShopEvent<TData> {
  const read = schema.safeParse(data);
  if (!read.success) throw new MalformedEventError(`${type} has ${faultsOf(read.error)}.`);
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject: orderId,
    time: time.toISOString(),
    datacontenttype: 'application/json',
    orderkey: orderId,
    userkey: userId,
    correlationid: correlationId,
    traceparent,
    data: read.data,
  };
}
