import type { Envelope, SyncMessage } from 'rabbitmq-client';
import { eventContentType } from '../../contracts/event.ts';
import type { DeadLetter, Delivery } from '../bus.ts';

/** Our own headers: the broker's do not count across republishing. */
const headers = {
  key: 'x-key',
  failures: 'x-failures',
  reason: 'x-reason',
  diedAt: 'x-died-at',
} as const;

/** The maximum length of a reason in a header. */
const reasonMaxLength = 500;

/** A delivery as a persistent, mandatory message. */
export function envelopeOf(
  { id, key, failures }: Pick<Delivery, 'id' | 'key' | 'failures'>,
  to: { readonly exchange?: string; readonly routingKey: string },
  died?: { readonly reason: string; readonly at: Date },
): Envelope {
  return {
    ...to,
    mandatory: true,
    durable: true,
    messageId: id,
    contentType: eventContentType,
    headers: {
      [headers.key]: key,
      [headers.failures]: failures,
      ...(died && {
        [headers.reason]: died.reason.slice(0, reasonMaxLength),
        [headers.diedAt]: died.at.toISOString(),
      }),
    },
  };
}

/** A message as a delivery. A message published by hand gets the broker's tag as its id, and no key. */
export function deliveryOf(message: Pick<SyncMessage, 'body' | 'messageId' | 'headers'>): Delivery {
  const failures: unknown = message.headers?.[headers.failures];
  return {
    id: message.messageId ?? '',
    key: textOf(message.headers?.[headers.key]),
    text: bodyOf(message.body),
    failures: typeof failures === 'number' ? failures : 0,
  };
}

/** A message of a dead-letter queue. */
export function deadLetterOf(consumer: string, message: SyncMessage): DeadLetter {
  const diedAt = new Date(textOf(message.headers?.[headers.diedAt]));
  return {
    consumer,
    ...deliveryOf(message),
    reason: textOf(message.headers?.[headers.reason]),
    diedAt: Number.isNaN(diedAt.getTime()) ? new Date(0) : diedAt,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The body: bytes, text for `text/plain`, or parsed JSON for `application/json`. */
function bodyOf(body: unknown): string {
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  return typeof body === 'string' ? body : JSON.stringify(body);
}
