import { type Artifact, staleArtifacts } from '../artifacts.ts';
import { displayPath } from '../config.ts';
import { textDiff } from '../text-diff.ts';
import type { Surroundings } from './command.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';

/** Says which files are not as they should be, how they differ, and which command writes them. */
export async function checkArtifacts(
  artifacts: readonly Artifact[],
  command: string,
  { call, err }: Surroundings,
): Promise<ExitCode> {
  const stale = await staleArtifacts(artifacts);
  for (const { path, text, found } of stale) {
    const shown = displayPath(path);
    const state = found === undefined ? 'is missing' : 'is out of date';
    err(`${shown} ${state}: run ${call} ${command}`);
    if (found !== undefined) err(textDiff(found, text, shown));
  }
  return stale.length > 0 ? exitCodes.findings : exitCodes.fine;
}
