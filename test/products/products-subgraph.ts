import type { Viewer } from '../../common/viewer.ts';
import type { ProductsTables } from '../../subgraphs/products/data/tables.ts';
import { products } from '../../subgraphs/products/subgraph.ts';
import { type ViewerName, viewers } from '../support/access-table/row.ts';
import type { OpenTestHome } from '../support/database.ts';
import type { Answer } from '../support/subgraph.ts';
import { type SubgraphUnderTest, useSubgraph } from '../support/use-subgraph.ts';

/** The running subgraph for the tests of one `describe`: john wrote review 1. */
export interface ProductsUnderTest extends Pick<SubgraphUnderTest<ProductsTables>, 'database'> {
  ask(viewer: ViewerName | Viewer, query: string, variables?: object): Promise<Answer>;
  /** The same, with the SQL statements it took. */
  trace(
    viewer: ViewerName,
    query: string,
    variables?: object,
  ): Promise<{ readonly answer: Answer; readonly statements: readonly string[] }>;
  /** Where it serves gRPC. */
  grpcAddress(): string;
  /** All SQL statements so far. */
  statements(): readonly string[];
}

/** Starts the subgraph before the tests of a `describe` and stops it after them. */
export function useProducts(open: OpenTestHome): ProductsUnderTest {
  const subgraph = useSubgraph(products, open);
  const ask: ProductsUnderTest['ask'] = (viewer, query, variables) =>
    subgraph.ask(typeof viewer === 'string' ? viewers[viewer] : viewer, query, variables);
  return {
    ask,
    async trace(viewer, query, variables) {
      subgraph.takeStatements();
      const answer = await ask(viewer, query, variables);
      // The look for reservations whose time is over comes by the clock, and is of no request.
      const statements = subgraph.takeStatements();
      return { answer, statements: statements.filter((sql) => !sql.includes('"reservations"')) };
    },
    grpcAddress: subgraph.companionAddress,
    statements: subgraph.statements,
    database: subgraph.database,
  };
}
