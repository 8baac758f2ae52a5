import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Kysely } from 'kysely';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import type { ProductsTables } from '../../subgraphs/products/data/tables.ts';
import { products } from '../../subgraphs/products/subgraph.ts';
import type { ViewerName } from '../support/access-table/row.ts';
import type { OpenTestHome } from '../support/database.ts';
import { type Answer, startTestSubgraph, user } from '../support/subgraph.ts';

/** The viewers of the tests: john wrote review 1, jane is another customer. */
const viewers: Readonly<Record<ViewerName, Viewer>> = {
  nobody: anonymous,
  customer: user('2'),
  owner: user('1'),
  admin: user('3', 'admin'),
};

/** The running subgraph with its demonstration data, for the tests of one `describe`. */
export interface ProductsUnderTest {
  ask(viewer: ViewerName | Viewer, query: string, variables?: object): Promise<Answer>;
  /** The same, with the SQL statements it took. */
  trace(
    viewer: ViewerName,
    query: string,
    variables?: object,
  ): Promise<{ readonly answer: Answer; readonly statements: readonly string[] }>;
  /** Where it serves gRPC. */
  grpcAddress(): string;
  /** All SQL statements of requests so far. */
  statements(): readonly string[];
  /** Its tables, to put more rows into them. */
  database(): Kysely<ProductsTables>;
}

/** Starts the subgraph before the tests of a `describe` and stops it after them. */
export function useProducts(open: OpenTestHome): ProductsUnderTest {
  const statements: string[] = [];
  let dataDir: string;
  let home: Awaited<ReturnType<OpenTestHome>>;
  let server: Awaited<ReturnType<typeof startTestSubgraph>>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'products-'));
    home = await open(({ sql }) => {
      // The look for reservations whose time is over comes by the clock, and is of no request.
      if (!sql.includes('"reservations"')) statements.push(sql);
    });
    server = await startTestSubgraph(products, home, { dataDir });
  });

  afterAll(async () => {
    await server.stop();
    await home.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const ask: ProductsUnderTest['ask'] = (viewer, query, variables) =>
    server.ask(typeof viewer === 'string' ? viewers[viewer] : viewer, query, variables);
  return {
    ask,
    async trace(viewer, query, variables) {
      statements.length = 0;
      const answer = await ask(viewer, query, variables);
      return { answer, statements: [...statements] };
    },
    grpcAddress: () => server.companionAddress ?? '',
    statements: () => statements,
    database: () => home.connect<ProductsTables>('products'),
  };
}
