import { StartupError } from '../../common/errors.ts';

/** A StartupError for a supergraph that cannot be used. `problem` follows the name of the file. */
export function invalidSupergraph(file: string, problem: string, cause?: unknown): StartupError {
  return new StartupError(
    'SUPERGRAPH_INVALID',
    `The supergraph "${file}" ${problem.replace(/[.]$/, '')}.`,
    'Recompose it: npm run compose',
    cause === undefined ? undefined : { cause },
  );
}
