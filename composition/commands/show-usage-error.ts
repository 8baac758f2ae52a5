import type { Surroundings, UsageError } from './command.ts';

/** Says how a command was used wrongly, and what to do. */
export function showUsageError({ message, advice }: UsageError, err: Surroundings['err']): void {
  err(message);
  if (advice !== undefined) err(`  fix: ${advice}`);
}
