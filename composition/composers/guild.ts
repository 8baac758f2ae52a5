import { composeServices } from '@theguild/federation-composition';
import { buildASTSchema } from 'graphql';
import type { Composer } from './composer.ts';

/** The Guild's composition: faster, under the MIT licence, without hints. */
export const guild: Composer = (services, progress) => {
  progress('merging the subgraphs, and checking that every query can be answered');
  const { errors, supergraphSdl, publicDocumentNode } = composeServices([...services]);
  if (errors) return { ok: false, errors, witnesses: () => [] };
  const apiSchema = buildASTSchema(publicDocumentNode, { assumeValidSDL: true });
  return { ok: true, supergraphSdl, apiSchema, hints: [] };
};
