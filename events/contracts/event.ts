import { z } from 'zod';

/** The content type of an event in structured mode (CloudEvents 1.0, JSON event format §3). */
export const eventContentType = 'application/cloudevents+json';

/** The maximum size of an event as JSON, which fits easily in a broker's frame and a database row. */
export const eventMaxBytes = 256 * 1024;

const key = z.string().min(1).max(200);

/**
 * The attributes of an event, whatever its type (CloudEvents 1.0 §3.1 and four extensions of this shop). Attributes that
 * are unknown here are kept, because a later producer may add some.
 */
export const eventAttributes = z.looseObject({
  specversion: z.literal('1.0').describe('The version of CloudEvents.'),
  id: z.uuid().describe('The event. What comes twice with one id is one event.'),
  source: z.string().min(1).max(200).describe('The service that wrote it, as `/shop/orders`.'),
  type: z
    .string()
    .regex(/^shop(?:\.[a-z]+)+\.v[1-9]\d*$/)
    .describe('What happened, and the version of its data.'),
  subject: key.describe('What it happened to: the id of the order.'),
  time: z.iso.datetime().describe('When it happened, in UTC.'),
  datacontenttype: z.literal('application/json').describe('The data is JSON.'),
  dataschema: z.string().optional().describe('Where the schema of the data is.'),
  orderkey: key.describe('The id of the order.'),
  userkey: key.describe('The id of the customer. Events of one customer keep their order.'),
  correlationid: z.string().min(1).max(64).describe('The request that caused it.'),
  traceparent: z.string().max(55).describe('Its place in a trace (W3C Trace Context).'),
  data: z.unknown().describe('What is to be known about it.'),
});

/** An event on the wire. */
export interface ShopEvent<TData = unknown> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema?: string | undefined;
  readonly orderkey: string;
  readonly userkey: string;
  readonly correlationid: string;
  readonly traceparent: string;
  readonly data: TData;
}

/** The input is not a valid event. Retrying cannot help. */
export class MalformedEventError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MalformedEventError';
  }
}

/** Parses the attributes of an event from JSON. Throws MalformedEventError, whose message names the invalid attributes. */
export function readEvent(json: string): ShopEvent {
  if (Buffer.byteLength(json) > eventMaxBytes) {
    throw new MalformedEventError(`The event is larger than ${eventMaxBytes} bytes.`);
  }
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    throw new MalformedEventError('The event is not JSON.', { cause: error });
  }
  const read = eventAttributes.safeParse(content);
  if (!read.success) throw new MalformedEventError(`The event has ${faultsOf(read.error)}.`);
  return read.data;
}

/** The validation errors on one line. */
export function faultsOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'content'}: ${message}`)
    .join('; ');
}
