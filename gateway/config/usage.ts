import { z } from 'zod';
import { text, wholeNumber } from '../../common/setting-values.ts';

const mebibyte = 1024 * 1024;

/** The log of what clients send, which `supergraph check --usage` reads. */
export const usageSection = z
  .strictObject({
    file: text
      .optional()
      .describe(
        'The file that the usage log is appended to: a line of JSON for each operation, client and version, without values. Each gateway needs its own. Without it, there is no log.',
      ),
    flushEveryMs: wholeNumber(100, 86_400_000)
      .default(900_000)
      .describe(
        'How often lines are written; the last are written when the gateway stops, and a killed one loses as many.',
      ),
    maxOperations: wholeNumber(1, 100_000)
      .default(2_000)
      .describe(
        'The maximum number of distinct operations between two writes. Requests of further ones are only counted, in a line of their own.',
      ),
    maxClients: wholeNumber(1, 10_000)
      .default(200)
      .describe(
        'The maximum number of distinct clients (name and version) between two writes. Further ones are written as `other`.',
      ),
    maxFileBytes: wholeNumber(mebibyte, 64 * mebibyte)
      .default(32 * mebibyte)
      .describe(
        'The size from which on the file gets `.1` behind its name, and a new one is begun.',
      ),
    keptFiles: wholeNumber(1, 1_000)
      .default(10)
      .describe('How many full files are kept: `.1` is the latest of them.'),
  })
  .describe('The log of what clients send, which `supergraph check --usage` reads.');

/** The settings of the usage log. */
export type UsageConfig = Readonly<z.infer<typeof usageSection>>;
