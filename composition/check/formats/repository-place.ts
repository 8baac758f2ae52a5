import type { SourcePlace } from '../../problem.ts';

/** A place as tools that look at a repository take it. */
export interface RepositoryPlace {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/**
 * The place in a file of the repository. A schema that stands in the list of subgraphs itself has lines of its own
 * (`supergraph.yaml#name`), which are not those of the file.
 */
export function repositoryPlace({ file, line, column, subgraph }: SourcePlace): RepositoryPlace {
  return subgraph !== undefined && file.endsWith(`#${subgraph}`)
    ? { file: file.slice(0, -subgraph.length - 1), line: undefined, column: undefined }
    : { file, line, column };
}
