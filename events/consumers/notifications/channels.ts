import type { Logger } from '../../../common/logger.ts';
import type { Sender, SenderContext } from '../define-consumer.ts';
import type { Contacts } from './contacts.ts';
import { emailContent } from './email-content.ts';
import type { MailTransport } from './mail-transport.ts';
import { type Notice, tell, tellOfCritical } from './notice.ts';

/** Sends short messages to a customer: a port for an SMS or push provider. */
export interface ShortMessages {
  /** Throws NotSentError when the message was certainly not accepted. */
  send(notice: Notice, signal: AbortSignal): Promise<void>;
}

/** Only logs short messages, for use without a provider. */
export function createLoggedMessages(channel: string, log: Logger): ShortMessages {
  return {
    send({ eventId, orderId, subject }) {
      log.info({ channel, event: eventId, order: orderId, subject }, 'a message to a customer');
      return Promise.resolve();
    },
  };
}

/** Sends every notice by e-mail. */
export function emailChannel(contacts: Contacts, transport: MailTransport, log: Logger): Sender {
  return {
    kind: 'sender',
    name: 'notifications-email',
    handlers: tell(async (notice, { signal }: SenderContext) => {
      const contact = await contacts.find(notice.userId, signal);
      if (!contact) {
        log.info({ event: notice.eventId }, 'the customer is gone: no e-mail');
        return;
      }
      const { eventId } = notice;
      const to = { name: contact.name, address: contact.email };
      await transport.send({ eventId, to, ...emailContent(notice, contact.name) }, signal);
    }),
  };
}

/** Sends the notices of what went wrong, and of money that goes back, as SMS. */
export function textMessageChannel(messages: ShortMessages): Sender {
  return {
    kind: 'sender',
    name: 'notifications-sms',
    handlers: tellOfCritical((notice, { signal }: SenderContext) => messages.send(notice, signal)),
  };
}

/** Sends every notice as a push message. */
export function pushChannel(messages: ShortMessages): Sender {
  return {
    kind: 'sender',
    name: 'notifications-push',
    handlers: tell((notice, { signal }: SenderContext) => messages.send(notice, signal)),
  };
}
