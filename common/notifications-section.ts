import { isIP } from 'node:net';
import { z } from 'zod';
import { withoutCredentials } from './address-credentials.ts';
import { list, takenBy, text } from './setting-values.ts';

/** How customers and other systems are told, as a settings file says it. */
export const notificationsSection = z
  .strictObject({
    from: text.default('The shop <shop@localhost>').describe('Who e-mails are from.'),
    smtpUrl: z
      .url({
        protocol: /^smtps?$/,
        error: ({ input }) =>
          `takes an smtp:// or smtps:// URL, not ${JSON.stringify(withoutCredentials(String(input)))}`,
      })
      .register(takenBy, { takes: 'a URL' })
      .optional()
      .describe(
        'The mail server; without it, e-mails are files in `DATA_DIR/outbox`, and in production are only logged.',
      ),
    webhookUrls: list(
      (entry) => URL.canParse(entry) && /^https?:$/.test(new URL(entry).protocol),
      'takes a list of http:// or https:// URLs',
    )
      .default([])
      .describe('Addresses that are sent every event of orders (Standard Webhooks).'),
    webhookSecrets: list(
      (entry) => /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(entry),
      'takes secrets such as whsec_ and 24 bytes or more in base64',
    )
      .default([])
      .describe(
        'Secrets that sign webhooks. Each signs, so that a new one can be added before an old one goes. Needed with `webhookUrls`.',
      ),
    webhookPrivateNetworks: list(isNetwork, 'takes networks, such as 10.1.0.0/16')
      .default([])
      .describe(
        'Networks that are not public and may be sent webhooks all the same. All others that are not public are refused.',
      ),
  })
  .describe('How customers and other systems are notified. Read by the events process.');

/** The settings of notifications. */
export type NotificationsConfig = Readonly<z.infer<typeof notificationsSection>>;

function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}
