import { Source } from 'graphql';

/** The source of a subgraph's schema: AST nodes parsed from it know their subgraph by their location. */
export class SubgraphSource extends Source {
  readonly subgraph: string;

  constructor(sdl: string, file: string, subgraph: string) {
    super(sdl, file);
    this.subgraph = subgraph;
  }
}
