import { z } from 'zod';
import { flag, text } from '../../common/setting-values.ts';

/** Accounts of the demonstration data; the contract lists them. */
const demonstrationAccounts = [
  { label: 'John (customer)', username: 'john@example.com', password: 'pass456' },
  { label: 'Jane (customer)', username: 'jane@example.com', password: 'pass789' },
  { label: 'Admin', username: 'admin@example.com', password: 'pass123' },
];

/** The pages for people who try the graph. Neither exists in production. */
export const landingPagesSection = z.strictObject({
  /** Apollo Sandbox at `/graphql`; the browser loads it from Apollo. */
  sandbox: flag,
  /** GraphiQL at `/graphiql`; needs no network. */
  graphiql: flag,
  /** Accounts that GraphiQL logs in with one click. */
  accounts: z
    .array(z.strictObject({ label: text, username: text, password: text }))
    .default(demonstrationAccounts),
});

/** Settings of the landing pages. */
export type LandingPagesConfig = z.infer<typeof landingPagesSection>;
