import { appendFile } from 'node:fs/promises';
import type { CheckReport } from '../finding.ts';
import { markdownWithin } from './markdown.ts';

/** GitHub accepts one mebibyte per step; a UTF-16 unit has at most three bytes in UTF-8. */
const charactersMax = Math.floor((1024 * 1024) / 3) - 1;

/**
 * Appends the report to the step summary under GitHub Actions, which passes its file in
 * `GITHUB_STEP_SUMMARY`. Returns whether it did.
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
