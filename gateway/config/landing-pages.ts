import { z } from 'zod';
import { flag, takenBy, text } from '../../common/setting-values.ts';

/** The pages for trying out the graph. Neither is available in production. */
export const landingPagesSection = z
  .strictObject({
    sandbox: flag.describe(
      'Apollo Sandbox at `/sandbox`; the browser loads it from Apollo. Not allowed in production.',
    ),
    graphiql: flag.describe(
      'GraphiQL at `/graphiql`; needs no network. Not allowed in production.',
    ),
    accounts: z
      .array(z.strictObject({ label: text, username: text, password: text }))
      .register(takenBy, { takes: 'a list of `label`, `username`, `password`' })
      .default([])
      .describe('Accounts for logging in to GraphiQL with one click.'),
  })
  .describe('The pages for trying out the graph.');

/** Settings of the landing pages. */
export type LandingPagesConfig = z.infer<typeof landingPagesSection>;
