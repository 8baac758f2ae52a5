import { z } from 'zod';
import { flag, takenBy, wholeNumber } from '../../common/setting-values.ts';

/** Pages that are served by the same machine: developing a page for the graph needs no setting. */
export const loopbackOrigins: readonly string[] = ['http://localhost:*', 'http://127.0.0.1:*'];

const complaint =
  'takes origins such as https://shop.example, http://localhost:* for any port, or * alone';

const origins = z
  .union([z.array(z.string()), z.string().transform((list) => list.split(','))], {
    error: complaint,
  })
  .transform((list) => list.map((origin) => origin.trim()).filter(Boolean))
  .refine((list) => list.every(isOrigin) && (list.length === 1 || !list.includes('*')), {
    error: complaint,
  })
  .register(takenBy, { takes: 'a list of origins' });

/** Which pages of other origins may read the gateway's responses (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol). */
export const corsSection = z
  .strictObject({
    origins: origins.describe(
      'Origins whose pages may read responses: `https://shop.example`, `http://host:*` for any port, or `*` alone.',
    ),
    credentials: flag
      .default(false)
      .describe(
        'Whether browsers send cookies. Access tokens need none; refused together with the origin `*`.',
      ),
    maxAgeSeconds: wholeNumber(0, 86_400)
      .default(600)
      .describe('For how long a browser caches the response to a preflight.'),
  })
  .refine((cors) => !cors.credentials || !cors.origins.includes('*'), {
    path: ['origins'],
    error: 'may not be * when credentials are allowed: any page could read a viewer’s own data',
  })
  .describe('Which pages of other origins may read responses.');

/** As browsers write it: nothing after the port, and no port that the scheme implies. */
function isOrigin(text: string): boolean {
  if (text === '*') return true;
  const origin = text.replace(/:\*$/, '');
  return /^https?:[^*]+$/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
}
