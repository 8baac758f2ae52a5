import { z } from 'zod';
import { flag, text } from '../../common/setting-values.ts';

/** Where the supergraph comes from. */
export const supergraphSection = z
  .strictObject({
    path: text.default('./supergraph.graphql').describe('The supergraph file.'),
    watch: flag.default(true).describe('Whether a changed file is loaded without a restart.'),
  })
  .describe('Where the supergraph comes from.');
