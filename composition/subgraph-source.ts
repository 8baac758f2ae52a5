import { Source } from 'graphql';

/** The text of a subgraph's schema: nodes that are parsed from it know by their place whose they are. */
export class SubgraphSource extends Source {
  readonly subgraph: string;

  constructor(sdl: string, file: string, subgraph: string) {
    super(sdl, file);
    this.subgraph = subgraph;
  }
}
