import { z } from 'zod';
import { flag, text } from '../../common/setting-values.ts';

/** Where the supergraph comes from. */
export const supergraphSection = z.strictObject({
  path: text.default('./supergraph.graphql'),
  /** Whether a changed file is taken up without a restart. */
  watch: flag.default(true),
});
