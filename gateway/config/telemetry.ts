import { z } from 'zod';
import { logLevel } from '../../common/setting-values.ts';

/** What the gateway tells its operators. */
export const telemetrySection = z
  .strictObject({
    logLevel: logLevel
      .default('info')
      .describe('How much is logged, by subgraphs too. `npm start` has `warn`.'),
  })
  .describe('What operators are told.');
