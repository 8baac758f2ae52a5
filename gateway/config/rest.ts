import { z } from 'zod';
import { oneOf } from '../../common/setting-values.ts';

/** How REST routes are answered. */
export const restSection = z
  .strictObject({
    answeredBy: oneOf(['graph', 'services'])
      .default('graph')
      .describe(
        'What answers REST routes: the `graph`; or, for the routes that a gRPC service of a subgraph can answer, that service directly (`services`), at the `grpcAddress` of the subgraph. All other routes stay with the graph (docs/rest.md).',
      ),
  })
  .describe('How REST routes are answered.');
