import type { ASTNode, DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';

/** A subgraph as composers take it. */
export interface Service {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** What a composer says of subgraphs that do compose. */
export interface ComposerHint {
  readonly code: string;
  /** `warning`: probably a mistake; `info`: good to know. */
  readonly level: 'warning' | 'info';
  readonly message: string;
  readonly nodes: readonly ASTNode[] | undefined;
}

/** A supergraph, or the errors of the composer. */
export type Composed =
  | {
      readonly ok: true;
      readonly supergraphSdl: string;
      /** What clients see. */
      readonly apiSchema: GraphQLSchema;
      readonly hints: readonly ComposerHint[];
    }
  | {
      readonly ok: false;
      readonly errors: readonly GraphQLError[];
      /** Errors of satisfiability with shorter queries, if the composer finds some. */
      readonly witnesses: () => readonly GraphQLError[];
    };

/**
 * A library that composes subgraphs in their order: the same for the same each time. `progress` is told what it is at.
 */
export type Composer = (
  services: readonly Service[],
  progress: (stage: string) => void,
) => Composed;
