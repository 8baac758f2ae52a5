import type { CheckReport } from '../check/finding.ts';
import { formats } from '../check/formats/formats.ts';
import { writeStepSummary } from '../check/formats/step-summary.ts';
import { choiceOf } from './choice.ts';
import type { CommandOption, Given, Surroundings } from './command.ts';

/** `--format NAME` of a check. */
export const formatOption: CommandOption = {
  value: [...formats.keys()].join('|'),
  help: 'for people, for programs, or for what shows it in CI (default: pretty)',
};

/** The format that `--format` names. Throws a UsageError for another word. */
function formatNameOf(given: Given): string {
  return choiceOf(given, 'format', [
    'pretty',
    ...[...formats.keys()].filter((name) => name !== 'pretty'),
  ]);
}

/**
 * Prints the report of a check in the format that `--format` names; `github` adds it to the summary of the step, too, since
 * GitHub does not show all annotations.
 */
export async function showReport(
  report: CheckReport,
  given: Given,
  { out, isColoured, environment }: Surroundings,
): Promise<void> {
  const name = formatNameOf(given);
  const format = formats.get(name);
  if (format) out(format(report, { isColoured }));
  if (name === 'github') await writeStepSummary(report, environment);
}
