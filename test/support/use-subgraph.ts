import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Kysely } from 'kysely';
import type { SubgraphContext, SubgraphDefinition } from '../../subgraphs/kit/define-subgraph.ts';
import type { OpenTestHome } from './database.ts';
import { type Ask, startTestSubgraph } from './subgraph.ts';

/** A subgraph that runs with its demonstration data for the tests of one `describe`. */
export interface SubgraphUnderTest<TTables> {
  readonly ask: Ask;
  /** Where it listens. */
  url(): string;
  /** Where its companion listens, such as a server of gRPC. */
  companionAddress(): string;
  /** All SQL statements so far. */
  statements(): readonly string[];
  /** The SQL statements since the last call. */
  takeStatements(): readonly string[];
  /** Its tables, to put more rows into them. */
  database(): Kysely<TTables>;
}

/** Starts a subgraph before the tests of a `describe` and stops it after them. */
export function useSubgraph<TTables, TServices, TContext extends SubgraphContext>(
  definition: SubgraphDefinition<TTables, TServices, TContext>,
  open: OpenTestHome,
): SubgraphUnderTest<TTables> {
  const { name } = definition;
  const statements: string[] = [];
  let taken = 0;
  let dataDir: string;
  let home: Awaited<ReturnType<OpenTestHome>>;
  let server: Awaited<ReturnType<typeof startTestSubgraph>>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), `${name}-`));
    home = await open(({ sql }) => statements.push(sql));
    server = await startTestSubgraph(definition, home, { dataDir });
  });

  afterAll(async () => {
    await server.stop();
    await home.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  return {
    ask: (...args) => server.ask(...args),
    url: () => server.url,
    companionAddress: () => server.companionAddress ?? '',
    statements: () => statements,
    takeStatements() {
      const from = taken;
      taken = statements.length;
      return statements.slice(from);
    },
    database: () => home.connect<TTables>(name),
  };
}
