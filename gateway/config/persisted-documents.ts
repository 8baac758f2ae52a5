import { z } from 'zod';
import { flag, text, wholeNumber } from '../../common/setting-values.ts';

const mebibyte = 1024 * 1024;

/** Which documents clients may send, and the manifest that lists them. */
export const persistedDocumentsSection = z
  .strictObject({
    mode: z
      .enum(['off', 'log', 'enforce'], { error: 'takes off, log or enforce' })
      .default('off')
      .describe(
        'What happens to an operation that is not listed: nothing, a log line, or a refusal.',
      ),
    path: text
      .optional()
      .describe(
        'The manifest that lists them, in the format of `@apollo/generate-persisted-query-manifest`. Required by `log` and `enforce`.',
      ),
    requireId: flag
      .default(false)
      .describe(
        'Whether `enforce` accepts only ids, and also refuses the text of a listed operation.',
      ),
    watch: flag.default(true).describe('Whether a changed manifest is loaded without a restart.'),
    maxBytes: wholeNumber(1, 256 * mebibyte)
      .default(16 * mebibyte)
      .describe('The maximum size of the manifest.'),
    registeredMaxBytes: wholeNumber(65_536, 256 * mebibyte)
      .default(8 * mebibyte)
      .describe(
        'The memory for documents that clients register themselves (automatic persisted queries).',
      ),
  })
  .refine(({ mode, path }) => mode === 'off' || path !== undefined, {
    path: ['path'],
    error: 'is missing: the modes log and enforce compare with a manifest',
  })
  .describe('Which documents clients may send, and the manifest that lists them.');

/** The settings of persisted documents. */
export type PersistedDocumentsConfig = Readonly<z.infer<typeof persistedDocumentsSection>>;
