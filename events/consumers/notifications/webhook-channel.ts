import { createHash } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Clock } from '../../../common/clock.ts';
import { messageOf } from '../../../common/errors.ts';
import { contracts, typesOf } from '../../contracts/catalogue.ts';
import { NotSentError, type Sender, type SenderContext } from '../define-consumer.ts';
import type { AddressRules } from './public-addresses.ts';
import { signWebhook } from './webhook-signature.ts';

/** The settings of webhooks. */
export interface WebhookOptions {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly rules: AddressRules;
  readonly clock: Clock;
}

/** The timeout for a receiver, which should respond first and work later. */
const answerMs = 15_000;

/** The most bytes of a response that are read and discarded. */
const answerMaxBytes = 64 * 1024;

/** A channel with connections to close. */
export interface WebhookChannel {
  readonly sender: Sender;
  close(): Promise<void>;
}

/**
 * Sends every event to an address, signed (Standard Webhooks 1.0), with a separate consumer per address. Anything but a
 * 2xx response is retried, including a timeout: receivers deduplicate by `webhook-id`. Redirects are not followed, and
 * private addresses are refused; those behind a name when the connection is made.
 */
export function createWebhookChannel(options: WebhookOptions): WebhookChannel {
  const { url, secrets, rules, clock } = options;
  const agent = new Agent({
    connect: { lookup: rules.lookup, timeout: answerMs },
    headersTimeout: answerMs,
    bodyTimeout: answerMs,
    connections: 10,
  });
  const send = async (id: string, body: string, signal: AbortSignal): Promise<void> => {
    if (!rules.isAllowedHost(new URL(url).hostname)) {
      throw new NotSentError(`${new URL(url).host} is not a public address.`);
    }
    try {
      const { statusCode, body: answer } = await request(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'shop-webhooks/1.0',
          ...signWebhook({ id, body, at: new Date(clock.now()) }, secrets),
        },
        body,
        dispatcher: agent,
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
      });
      await answer.dump({ limit: answerMaxBytes });
      if (statusCode < 200 || statusCode > 299) throw new Error(`answered ${statusCode}`);
    } catch (error) {
      throw new NotSentError(`${new URL(url).host} did not take it: ${messageOf(error)}`, {
        cause: error,
      });
    }
  };
  const name = createHash('sha256').update(url).digest('hex').slice(0, 12);
  const names = [...new Set(contracts.map((contract) => contract.name))];
  return {
    sender: {
      kind: 'sender',
      name: `notifications-webhook-${name}`,
      handlers: names.map((each) => ({
        name: each,
        types: typesOf({ name: each }),
        handle: (event, { signal }: SenderContext) => send(event.id, JSON.stringify(event), signal),
      })),
    },
    close: () => agent.destroy(),
  };
}
