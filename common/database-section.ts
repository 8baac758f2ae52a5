import { z } from 'zod';
import { wholeNumber } from './setting-values.ts';

/** How the subgraphs use their databases, as a settings file says it. */
export const databaseSection = z
  .strictObject({
    poolMax: wholeNumber(1, 1_000)
      .default(10)
      .describe(
        'Connections of one process. Those of all together must be below `max_connections` of the server.',
      ),
    connectTimeoutMs: wholeNumber(1, 60_000)
      .default(5_000)
      .describe('How long a connection may take to be made, or to become free.'),
    statementTimeoutMs: wholeNumber(1, 600_000)
      .default(5_000)
      .describe('How long a statement may take. A request that has less time left takes that.'),
  })
  .describe('The database of each subgraph. The gateway has none.');
