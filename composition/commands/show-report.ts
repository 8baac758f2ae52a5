import type { CheckReport } from '../check/finding.ts';
import { formats } from '../check/formats/formats.ts';
import { writeStepSummary } from '../check/formats/step-summary.ts';
import { choiceOf } from './choice.ts';
import type { CommandOption, Given, Surroundings } from './command.ts';

const names = ['pretty', ...[...formats.keys()].filter((name) => name !== 'pretty')] as const;

/** `--format NAME` of a check. */
export const formatOption: CommandOption = {
  value: names.join('|'),
  help: 'for people, for programs, or for what shows it in CI (default: pretty)',
};

/**
 * Prints reports in the format that `--format` names; `github` adds them to the summary of the step, too, since GitHub
 * does not show all annotations. Throws a UsageError at once when there is no such format.
 */
export function reporterFor(
  given: Given,
  { out, isColoured, environment }: Surroundings,
): (report: CheckReport) => Promise<void> {
  const name = choiceOf(given, 'format', names);
  return async (report) => {
    const format = formats.get(name);
    if (format) out(format(report, { isColoured }));
    if (name === 'github') await writeStepSummary(report, environment);
  };
}
