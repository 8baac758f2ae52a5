import { z } from 'zod';
import { flag, text, wholeNumber } from '../../common/setting-values.ts';

const mebibyte = 1024 * 1024;

/** Which documents clients may send, and where they are listed. */
export const persistedDocumentsSection = z
  .strictObject({
    mode: z
      .enum(['off', 'log', 'enforce'], { error: 'takes off, log or enforce' })
      .default('off')
      .describe(
        'What happens to an operation that is not listed: nothing, a line in the log, or a refusal.',
      ),
    path: text
      .optional()
      .describe(
        'The manifest that lists them, as `@apollo/generate-persisted-query-manifest` writes it. `log` and `enforce` need it.',
      ),
    requireId: flag
      .default(false)
      .describe(
        'Whether `enforce` also refuses the text of a listed operation, and takes only ids.',
      ),
    watch: flag.default(true).describe('Whether a changed manifest is taken up without a restart.'),
    maxBytes: wholeNumber(1, 256 * mebibyte)
      .default(16 * mebibyte)
      .describe('The largest manifest that is read.'),
    registeredMaxBytes: wholeNumber(65_536, 256 * mebibyte)
      .default(8 * mebibyte)
      .describe(
        'The most bytes of documents that clients register by themselves (automatic persisted queries).',
      ),
  })
  .refine(({ mode, path }) => mode === 'off' || path !== undefined, {
    path: ['path'],
    error: 'is missing: the modes log and enforce compare with a manifest',
  })
  .describe('Which documents clients may send, and where they are listed.');

/** The settings of persisted documents. */
export type PersistedDocumentsConfig = Readonly<z.infer<typeof persistedDocumentsSection>>;
