import { z } from 'zod';
import { flag, text, wholeNumber } from '../../common/setting-values.ts';

const mebibyte = 1024 * 1024;

/** Which documents clients may send, and where they are listed. */
export const persistedDocumentsSection = z
  .strictObject({
    /** What happens to an operation that is not listed: nothing, a line in the log, or a refusal. */
    mode: z.enum(['off', 'log', 'enforce'], { error: 'takes off, log or enforce' }).default('off'),
    /** The manifest that lists them, as `@apollo/generate-persisted-query-manifest` writes it. */
    path: text.optional(),
    /** Whether `enforce` also refuses the text of a listed operation, and takes nothing but ids. */
    requireId: flag.default(false),
    /** Whether a changed manifest is taken up without a restart. */
    watch: flag.default(true),
    /** The largest manifest that is read. */
    maxBytes: wholeNumber(1, 256 * mebibyte).default(16 * mebibyte),
    /** The most bytes of documents that clients have registered by themselves (automatic persisted queries). */
    registeredMaxBytes: wholeNumber(65_536, 256 * mebibyte).default(8 * mebibyte),
  })
  .refine(({ mode, path }) => mode === 'off' || path !== undefined, {
    path: ['path'],
    error: 'is missing: the modes log and enforce compare with a manifest',
  });

/** The settings of persisted documents. */
export type PersistedDocumentsConfig = Readonly<z.infer<typeof persistedDocumentsSection>>;
