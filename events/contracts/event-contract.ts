import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { faultsOf, MalformedEventError, type ShopEvent } from './event.ts';

/** How the data of one version becomes that of the version before it, and the other way round. */
export interface Predecessor<TData, TBefore> {
  readonly contract: EventContract<TBefore>;
  /** Data of the earlier version as this one has it. */
  readonly up: (before: TBefore) => TData;
  /** Data of this version for a consumer of the earlier one. */
  readonly down: (data: TData) => TBefore;
}

/** A version of a kind of event. */
export interface EventVersion {
  /** What happened, without the version: `shop.order.placed`. */
  readonly name: string;
  readonly version: number;
  /** The `type` of its events: `shop.order.placed.v1`. */
  readonly type: string;
  readonly title: string;
  readonly description: string;
  /** The schema of its data. */
  readonly data: z.ZodType;
}

/** A version of a kind of event, with the type of its data. */
export interface EventContract<TData> extends EventVersion {
  readonly data: z.ZodType<TData>;
  readonly predecessor: Predecessor<TData, unknown> | undefined;
}

/** Defines a version of a kind of event. A second version names the first, and how data becomes that of the other. */
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

/** What a producer says of an event. */
export interface NewEvent<TData> {
  readonly source: string;
  readonly orderId: string;
  readonly userId: string;
  readonly time: Date;
  readonly correlationId: string;
  readonly traceparent: string;
  readonly data: TData;
  /** A new one unless it is given: two of one id are one event. */
  readonly id?: string;
}

/** An event of a contract. Throws MalformedEventError when its data is not what the contract says. */
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
