import { z } from 'zod';
import { flag, list } from '../../common/setting-values.ts';

/** How the access directives of the supergraph are enforced; the settings mean what they mean in Apollo Router. */
export const accessSection = z
  .strictObject({
    enabled: flag
      .default(true)
      .describe(
        'Whether `@authenticated`, `@requiresScopes` and `@policy` have an effect; the log warns when they have none.',
      ),
    dryRun: flag.default(false).describe('Only logs what would be removed from operations.'),
    rejectUnauthorized: flag
      .default(false)
      .describe('Refuses the whole operation when a part of it would be removed.'),
    requireAuthentication: flag
      .default(false)
      .describe(
        'Answers requests without an access token with 401, except at the endpoints that log in.',
      ),
    sessionFields: list()
      .default([])
      .describe(
        'Mutations whose payload counts as authenticated; the rest of the request runs as the account that they have logged in.',
      ),
    errorsIn: z
      .enum(['errors', 'extensions', 'disabled'], {
        error: 'takes one of errors, extensions, disabled',
      })
      .default('errors')
      .describe(
        'Where the response reports what was removed: `extensions` is `extensions.authorizationErrors`, `disabled` nowhere.',
      ),
    logUnauthorized: flag.default(true).describe('Logs what was removed.'),
  })
  .describe('How the access directives of the supergraph are enforced.');
