import { checkCommand } from './commands/check.ts';
import type { Command } from './commands/command.ts';
import { completionCommand } from './commands/completion.ts';
import { composeCommand } from './commands/compose.ts';
import { contractCommand } from './commands/contract.ts';
import { coverageCommand } from './commands/coverage.ts';
import { explainCommand } from './commands/explain.ts';
import { graphCommand } from './commands/graph.ts';
import { mockCommand } from './commands/mock.ts';
import { planCommand } from './commands/plan.ts';

/** The commands of `supergraph`. */
export const commands: readonly Command[] = [
  composeCommand,
  checkCommand,
  contractCommand,
  planCommand,
  coverageCommand,
  graphCommand,
  mockCommand,
  explainCommand,
  completionCommand(() => commands),
];
