import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Kysely } from 'kysely';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import type { OrdersTables } from '../../subgraphs/orders/data/tables.ts';
import { orders } from '../../subgraphs/orders/subgraph.ts';
import type { ViewerName } from '../support/access-table/row.ts';
import type { OpenTestHome } from '../support/database.ts';
import { type Answer, startTestSubgraph, user } from '../support/subgraph.ts';

/** The viewers of the tests: john owns order 123, jane owns others. */
const viewers: Readonly<Record<ViewerName, Viewer>> = {
  nobody: anonymous,
  customer: user('2'),
  owner: user('1'),
  admin: user('3', 'admin'),
};

/** The running subgraph with its demonstration data, for the tests of one `describe`. */
export interface OrdersUnderTest {
  ask(viewer: ViewerName, query: string, variables?: object): Promise<Answer>;
  /** The same, with how many SQL statements it took. */
  count(
    viewer: ViewerName,
    query: string,
    variables?: object,
  ): Promise<{ readonly answer: Answer; readonly statements: number }>;
  /** Its tables, to put more orders into them. */
  database(): Kysely<OrdersTables>;
}

/** Starts the subgraph before the tests of a `describe` and stops it after them. */
export function useOrders(open: OpenTestHome): OrdersUnderTest {
  let statements = 0;
  let dataDir: string;
  let home: Awaited<ReturnType<OpenTestHome>>;
  let server: Awaited<ReturnType<typeof startTestSubgraph>>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'orders-'));
    home = await open(() => {
      statements += 1;
    });
    server = await startTestSubgraph(orders, home, { dataDir });
  });

  afterAll(async () => {
    await server.stop();
    await home.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  return {
    ask: (viewer, query, variables) => server.ask(viewers[viewer], query, variables),
    async count(viewer, query, variables) {
      statements = 0;
      const answer = await server.ask(viewers[viewer], query, variables);
      return { answer, statements };
    },
    database: () => home.connect<OrdersTables>('orders'),
  };
}
