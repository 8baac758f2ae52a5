import { z } from 'zod';
import { flag, list } from '../../common/setting-values.ts';

/** How the access directives of the supergraph are enforced; the settings have the meaning they have in Apollo Router. */
export const accessSection = z
  .strictObject({
    enabled: flag
      .default(true)
      .describe(
        'Whether `@authenticated`, `@requiresScopes` and `@policy` have an effect; the log says loudly when not.',
      ),
    dryRun: flag
      .default(false)
      .describe('Logs what would be removed from operations, and removes nothing.'),
    rejectUnauthorized: flag
      .default(false)
      .describe('Refuses an operation as a whole when a part of it would be removed.'),
    requireAuthentication: flag
      .default(false)
      .describe(
        'Answers requests without an access token with 401; the doors that log in stay open.',
      ),
    sessionFields: list()
      .default([])
      .describe(
        'Mutations in whose payload the caller counts as logged in; the rest of the request is asked in the name of that account.',
      ),
    errorsIn: z
      .enum(['errors', 'extensions', 'disabled'], {
        error: 'takes one of errors, extensions, disabled',
      })
      .default('errors')
      .describe(
        'Where a client reads what was removed: `extensions` is `extensions.authorizationErrors`, `disabled` nowhere.',
      ),
    logUnauthorized: flag.default(true).describe('Writes what was removed to the log.'),
  })
  .describe('How the access directives of the supergraph are enforced.');
