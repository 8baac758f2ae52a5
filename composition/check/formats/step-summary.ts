import { appendFile } from 'node:fs/promises';
import type { CheckReport } from '../finding.ts';
import { markdownWithin } from './markdown.ts';

/** GitHub takes a mebibyte for each step; a UTF-16 unit has at most three bytes. */
const charactersMax = Math.floor((1024 * 1024) / 3) - 1;

/**
 * Adds the report to the summary of the step when this runs in GitHub Actions, which names the file for it in
 * `GITHUB_STEP_SUMMARY`. Says whether it does.
 */
export async function writeStepSummary(
  report: CheckReport,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const file = environment.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '') return false;
  await appendFile(file, `${markdownWithin(report, charactersMax)}\n`);
  return true;
}
