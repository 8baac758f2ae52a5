import type { OrdersTables } from '../../subgraphs/orders/data/tables.ts';
import { orders } from '../../subgraphs/orders/subgraph.ts';
import { type ViewerName, viewers } from '../support/access-table/row.ts';
import type { OpenTestHome } from '../support/database.ts';
import type { Answer } from '../support/subgraph.ts';
import { type SubgraphUnderTest, useSubgraph } from '../support/use-subgraph.ts';

/** The running subgraph for the tests of one `describe`: john owns order 123, jane owns others. */
export interface OrdersUnderTest extends Pick<SubgraphUnderTest<OrdersTables>, 'database'> {
  ask(viewer: ViewerName, query: string, variables?: object): Promise<Answer>;
  /** The same, with how many SQL statements it took. */
  count(
    viewer: ViewerName,
    query: string,
    variables?: object,
  ): Promise<{ readonly answer: Answer; readonly statements: number }>;
}

/** Starts the subgraph before the tests of a `describe` and stops it after them. */
export function useOrders(open: OpenTestHome): OrdersUnderTest {
  const subgraph = useSubgraph(orders, open);
  const ask: OrdersUnderTest['ask'] = (viewer, query, variables) =>
    subgraph.ask(viewers[viewer], query, variables);
  return {
    ask,
    async count(viewer, query, variables) {
      subgraph.takeStatements();
      const answer = await ask(viewer, query, variables);
      // The look for orders whose next step is due comes by the clock, and is of no request; so does that for old keys.
      const statements = subgraph
        .takeStatements()
        .filter((sql) => !/"due_at" (?:<=|is not null)|"order_keys"/.test(sql));
      return { answer, statements: statements.length };
    },
    database: subgraph.database,
  };
}
