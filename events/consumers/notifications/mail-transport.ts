import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { messageOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { NotSentError } from '../define-consumer.ts';
import type { EmailContent } from './email-content.ts';

/** An e-mail to one recipient. */
export interface Email extends EmailContent {
  /** The id of the event, from which the Message-ID is derived. */
  readonly eventId: string;
  readonly to: { readonly name: string; readonly address: string };
}

/** Sends e-mails. */
export interface MailTransport {
  /** Throws NotSentError when the e-mail was certainly not accepted, another error when that is unknown. */
  send(email: Email, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** The timeout for a silent mail server, below the deadline of an event. */
const silenceMs = 10_000;

/** nodemailer's codes for failures before the content is sent. `ECONNECTION` is missing because it also covers later failures. */
const beforeContent: ReadonlySet<unknown> = new Set(['EDNS', 'ETLS', 'EAUTH', 'EENVELOPE']);

/** Sends e-mails to an SMTP server. Certificates are verified. */
export function createSmtpTransport(url: string, from: string): MailTransport {
  const transport = createTransport(
    {
      url,
      connectionTimeout: silenceMs,
      greetingTimeout: silenceMs,
      socketTimeout: silenceMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send(email) {
      try {
        await transport.sendMail(mailOf(email));
      } catch (error) {
        const { code, responseCode, syscall } = error as Readonly<Record<string, unknown>>;
        // The server has refused: 4xx temporarily, 5xx permanently.
        const isRefused = typeof responseCode === 'number' && responseCode >= 400;
        const isUnreached = syscall === 'connect' || beforeContent.has(code);
        if (!isRefused && !isUnreached) throw error;
        throw new NotSentError(`The mail server did not take it: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
    close: () => {
      transport.close();
    },
  };
}

/** Writes e-mails to files `<event>.eml` in a folder, for development. */
export function createFileTransport(folder: string, from: string): MailTransport {
  const transport = createTransport({ streamTransport: true, buffer: true }, { from });
  return {
    async send(email) {
      try {
        const { message } = await transport.sendMail(mailOf(email));
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const draft = join(folder, `.${randomUUID()}`);
        await writeFile(draft, message as Buffer, { mode: 0o600 });
        await rename(draft, join(folder, `${email.eventId}.eml`));
      } catch (error) {
        throw new NotSentError(`The e-mail cannot be written: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
    close: () => {
      transport.close();
    },
  };
}

/** E-mails that are only logged, without their content and their addresses. */
export function createLoggedTransport(log: Logger): MailTransport {
  return {
    send({ eventId, subject }) {
      log.info({ channel: 'email', event: eventId, subject }, 'a message to a customer');
      return Promise.resolve();
    },
    close: () => undefined,
  };
}

function mailOf({ eventId, to, subject, text, html }: Email) {
  return { to, subject, text, html, messageId: `<${eventId}@shop>` };
}
