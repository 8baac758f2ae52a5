import { z } from 'zod';
import { logLevel } from '../../common/setting-values.ts';

/** What the gateway reports to its operators. */
export const telemetrySection = z
  .strictObject({
    logLevel: logLevel
      .default('info')
      .describe('The log level, of subgraphs too. `npm start` uses `warn`.'),
  })
  .describe('What is reported to operators.');
