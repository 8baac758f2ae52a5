import { z } from 'zod';
import { flag, takenBy, text } from '../../common/setting-values.ts';

/** The pages for people who try the graph. Neither exists in production. */
export const landingPagesSection = z
  .strictObject({
    sandbox: flag.describe(
      'Apollo Sandbox at `/sandbox`; the browser loads it from Apollo. Production refuses it.',
    ),
    graphiql: flag.describe('GraphiQL at `/graphiql`; needs no network. Production refuses it.'),
    accounts: z
      .array(z.strictObject({ label: text, username: text, password: text }))
      .register(takenBy, { takes: 'a list of `label`, `username`, `password`' })
      .default([])
      .describe('Accounts that GraphiQL logs in with one click.'),
  })
  .describe('The pages for people who try the graph.');

/** Settings of the landing pages. */
export type LandingPagesConfig = z.infer<typeof landingPagesSection>;
