import { z } from 'zod';
import { flag, list } from '../../common/setting-values.ts';

/** How the access directives of the supergraph are enforced; the settings have the meaning they have in Apollo Router. */
export const accessSection = z.strictObject({
  /** False leaves `@authenticated`, `@requiresScopes` and `@policy` without any effect. */
  enabled: flag.default(true),
  /** Logs what would be removed from operations, and removes nothing. */
  dryRun: flag.default(false),
  /** Refuses an operation as a whole when any part of it would be removed. */
  rejectUnauthorized: flag.default(false),
  /** Answers requests without an access token with 401, whatever they ask for. */
  requireAuthentication: flag.default(false),
  /** Fields of the mutation type that log somebody in: in their payload the caller counts as logged in. */
  sessionFields: list().default(['login', 'signUp', 'refreshToken']),
  /** Where a client reads what was removed. */
  errorsIn: z
    .enum(['errors', 'extensions', 'disabled'], {
      error: 'takes one of errors, extensions, disabled',
    })
    .default('errors'),
  /** Writes what was removed to the log. */
  logUnauthorized: flag.default(true),
});
