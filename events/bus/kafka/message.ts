import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import { eventContentType } from '../../contracts/event.ts';
import type { Delivery, OutgoingEvent } from '../bus.ts';

/** Our own headers, beside the one of CloudEvents. */
const headers = {
  contentType: 'content-type',
  id: 'x-id',
  type: 'x-type',
  failures: 'x-failures',
  /** The only consumer that it is for: it comes again. */
  consumer: 'x-consumer',
} as const;

/** What a record adds to an event, in bytes: headers and its share of the batch. */
const recordOverhead = 512;

/** An event as a record: the event in the structured mode of CloudEvents. */
export function recordOf({ id, type, key, text }: OutgoingEvent): Message {
  return {
    key,
    value: text,
    headers: { [headers.contentType]: eventContentType, [headers.id]: id, [headers.type]: type },
  };
}

/** A delivery that comes again, for one consumer. In the partition of its key, so that the same process gets it. */
export function recordFor(consumer: string, { id, key, text, failures }: Delivery): Message {
  return {
    key,
    value: text,
    headers: {
      [headers.contentType]: eventContentType,
      [headers.id]: id,
      [headers.failures]: String(failures),
      [headers.consumer]: consumer,
    },
  };
}

/** A record as read by one consumer; undefined when it is for others. A record that tells no type is for all. */
export function deliveryFor(
  consumer: string,
  types: readonly string[],
  place: string,
  message: Pick<KafkaMessage, 'key' | 'value' | 'headers'>,
): Delivery | undefined {
  const header = headersOf(message.headers);
  const text = message.value?.toString('utf8') ?? '';
  const only = header(headers.consumer);
  if (only !== undefined && only !== consumer) return undefined;
  const type = header(headers.type) ?? memberOf(text, 'type');
  if (only === undefined && type !== undefined && !types.includes(type)) return undefined;
  const failures = Number(header(headers.failures) ?? 0);
  return {
    // What others wrote may lack our header.
    id: header(headers.id) ?? memberOf(text, 'id') ?? place,
    key: message.key?.toString('utf8') ?? '',
    text,
    failures: Number.isInteger(failures) && failures > 0 ? failures : 0,
  };
}

/** Divides records into parts of at most that many bytes, in their order: a broker refuses a batch that is too large. */
export function partsOf(records: readonly Message[], maxBytes: number): readonly Message[][] {
  const parts: Message[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const size = Buffer.byteLength(record.value ?? '') + recordOverhead;
    if (bytes + size > maxBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(record);
    bytes += size;
  }
  return parts;
}

function headersOf(all: IHeaders | undefined): (name: string) => string | undefined {
  return (name) => {
    const value = all && Object.hasOwn(all, name) ? all[name] : undefined;
    const first = Array.isArray(value) ? value[0] : value;
    return first?.toString('utf8');
  };
}

function memberOf(text: string, name: 'id' | 'type'): string | undefined {
  try {
    const { [name]: member } = JSON.parse(text) as Partial<Record<string, unknown>>;
    return typeof member === 'string' && member !== '' ? member : undefined;
  } catch {
    return undefined;
  }
}
