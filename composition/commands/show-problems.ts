import { type CompositionProblem, formatProblem } from '../problem.ts';
import type { Surroundings } from './command.ts';

/** Says why subgraphs do not compose. */
export function showProblems(
  problems: readonly CompositionProblem[],
  { err }: Pick<Surroundings, 'err'>,
): void {
  err(problems.map(formatProblem).join('\n\n'));
  err(`\nNot composed: ${problems.length} problem${problems.length === 1 ? '' : 's'}.`);
}
