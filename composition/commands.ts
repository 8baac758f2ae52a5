import { composeCommand } from './commands/compose.ts';
import { explainCommand } from './commands/explain.ts';

/** The commands of `npm run supergraph`. */
export const commands = [composeCommand, explainCommand] as const;
