import type { SourcePlace } from '../../problem.ts';

/** A place in the form that repository tools expect. */
export interface RepositoryPlace {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/**
 * The place in a file of the repository. The lines of a schema written inline in the list of subgraphs
 * (`supergraph.yaml#name`) are not lines of that file.
 */
export function repositoryPlace({ file, line, column, subgraph }: SourcePlace): RepositoryPlace {
  return subgraph !== undefined && file.endsWith(`#${subgraph}`)
    ? { file: file.slice(0, -subgraph.length - 1), line: undefined, column: undefined }
    : { file, line, column };
}
