import { type GraphQLSchema, parse, Source } from 'graphql';
import { runAtOnce } from '../../common/slices.ts';
import { buildApiSchema } from '../../engine/supergraph/api-schema.ts';
import { readSupergraph, type Supergraph } from '../../engine/supergraph/supergraph.ts';
import type { Composition, CompositionHint } from '../compose.ts';
import { type PlaceOf, placeIndex } from './place-index.ts';

/** One of the two schemas that are compared. */
export interface Side {
  /** The API schema. */
  readonly api: GraphQLSchema;
  /** The same including `@inaccessible` elements. */
  readonly full: GraphQLSchema;
  /** The supergraph as a gateway reads it. */
  readonly supergraph: Supergraph;
  /** The place of a schema coordinate, in the subgraph's own file if known. */
  readonly placeOf: PlaceOf;
  /** Composition hints; empty for a supergraph that was composed elsewhere. */
  readonly hints: readonly CompositionHint[];
}

/** A supergraph composed from subgraphs. */
export function sideOfComposition({
  supergraphSdl,
  subgraphs,
  hints,
}: Extract<Composition, { ok: true }>): Side {
  const places = placeIndex(subgraphs.map(({ document }) => document));
  return { ...schemasOf(supergraphSdl), placeOf: places, hints };
}

/** A supergraph from a file. Throws an AppError SUPERGRAPH_INVALID when the file is not one. */
export function sideOfSupergraph(supergraphSdl: string, file: string): Side {
  const schemas = schemasOf(supergraphSdl);
  const places = placeIndex([parse(new Source(supergraphSdl, file))]);
  return { ...schemas, placeOf: places, hints: [] };
}

function schemasOf(supergraphSdl: string): Pick<Side, 'api' | 'full' | 'supergraph'> {
  const supergraph = readSupergraph(supergraphSdl);
  const { document, features, apiSchema: api } = supergraph;
  // Renamed, the feature stays known but hides nothing.
  const revealing = features.map((feature) =>
    feature.name === 'inaccessible' ? { ...feature, name: 'not hiding' } : feature,
  );
  return { api, full: runAtOnce(buildApiSchema(document, revealing)), supergraph };
}
