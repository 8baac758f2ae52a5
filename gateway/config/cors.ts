import { z } from 'zod';
import { flag, wholeNumber } from '../../common/setting-values.ts';

/** Pages that are served by the machine itself: who develops a page for the graph needs no setting. */
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
  });

/** Which pages of other origins may read the gateway's answers (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol). */
export const corsSection = z
  .strictObject({
    /** Loopback in development, none in production. */
    origins,
    /** Whether browsers send cookies and the like along; access tokens need no such thing. */
    credentials: flag.default(false),
    /** For how long a browser remembers the answer to a preflight. */
    maxAgeSeconds: wholeNumber(0, 86_400).default(600),
  })
  .refine((cors) => !cors.credentials || !cors.origins.includes('*'), {
    path: ['origins'],
    error: 'may not be * where credentials are allowed: any page could read what is a viewer’s own',
  });

/** As a browser writes it: nothing behind the port, and no port that the scheme implies. */
function isOrigin(text: string): boolean {
  if (text === '*') return true;
  const origin = text.replace(/:\*$/, '');
  return /^https?:[^*]+$/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
}
