import type { CompositionHint } from '../compose.ts';
import { type CompositionProblem, formatPlace } from '../problem.ts';
import type { Finding } from './finding.ts';

/** Composition hints that are new. */
export function newHints(
  base: readonly CompositionHint[],
  head: readonly CompositionHint[],
): readonly Finding[] {
  const known = new Set(base.map(({ code, message }) => `${code} ${message}`));
  return head
    .filter(({ code, message }) => !known.has(`${code} ${message}`))
    .map((hint) => findingOf(hint, hint.level === 'warning' ? 'warning' : 'note'));
}

/** Composition errors as findings. */
export function findingsOfProblems(problems: readonly CompositionProblem[]): readonly Finding[] {
  return problems.map((problem) => findingOf(problem, 'error'));
}

function findingOf(
  { code, message, places: [place, ...others], fix }: CompositionProblem,
  severity: Finding['severity'],
): Finding {
  return {
    code,
    severity,
    message,
    ...(place && { place }),
    operations: [],
    details: others.map((other) => `also: ${formatPlace(other)}`),
    fix,
  };
}
