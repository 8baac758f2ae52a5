import { z } from 'zod';
import { logLevels } from '../../common/logger.ts';

/** What the gateway tells its operators. */
export const telemetrySection = z.strictObject({
  logLevel: z.enum(logLevels, { error: `takes one of ${logLevels.join(', ')}` }).default('info'),
});
