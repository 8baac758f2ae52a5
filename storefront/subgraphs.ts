import type { ListenAddress } from '../common/listen-failure.ts';
import type { Environment } from '../common/settings.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import {
  hasDemonstrationData,
  migrate,
  pendingMigrations,
  removeDemonstrationData,
} from '../subgraphs/kit/database/migrate.ts';
import {
  buildExecutableSchema,
  type RemovedRows,
  type SubgraphContext,
  type SubgraphDefinition,
} from '../subgraphs/kit/define-subgraph.ts';
import { loadSubgraphSettings } from '../subgraphs/kit/load-settings.ts';
import {
  listenAddressesOf,
  type StartedSubgraph,
  startSubgraph,
} from '../subgraphs/kit/start-subgraph.ts';
import { orders } from '../subgraphs/orders/subgraph.ts';
import { products } from '../subgraphs/products/subgraph.ts';
import { users } from '../subgraphs/users/subgraph.ts';

/** What the subgraphs of one process share. */
export interface SharedResources {
  readonly home: DatabaseHome;
  readonly dataDir: string;
  /** The settings, including the addresses of the subgraphs that have started. */
  readonly environment: Environment;
}

/** A subgraph whose settings have been read. */
export interface PreparedMember {
  readonly addresses: readonly ListenAddress[];
  readonly start: (shared: SharedResources) => Promise<StartedSubgraph>;
}

/** A subgraph that can run beside others in this process. */
export interface Member {
  readonly name: string;
  /** Throws StartupError when schema, resolvers and access table do not match. */
  readonly verify: () => void;
  /** Reads and checks the settings. */
  readonly prepare: (environment: Environment) => PreparedMember;
  /** Applies the migrations that the database lacks; a dry run only lists them. */
  readonly migrate: (home: DatabaseHome, run: Run) => Promise<readonly string[]>;
  readonly hasDemonstrationData: (home: DatabaseHome) => Promise<boolean>;
  /** Removes the demonstration data, or only reports it. */
  readonly removeDemonstrationData: (home: DatabaseHome, run: Run) => Promise<RemovedRows>;
}

interface Run {
  /** Changes nothing. */
  readonly dryRun: boolean;
}

/** The subgraphs of the shop. */
export const subgraphs: readonly Member[] = [member(users), member(products), member(orders)];

function member<TTables, TServices, TContext extends SubgraphContext>(
  definition: SubgraphDefinition<TTables, TServices, TContext>,
): Member {
  const { name, migrations, unseed } = definition;
  return {
    name,
    verify: () => {
      buildExecutableSchema(definition);
    },
    prepare(environment) {
      const settings = loadSubgraphSettings(definition, environment);
      // The gateway of this process stops first, and waits until it gets no more requests; then subgraphs get none
      // either.
      const alone = { ...settings, drainDelayMs: 0 };
      return {
        addresses: listenAddressesOf(definition, settings, environment),
        start: (shared) => startSubgraph(definition, { settings: alone, ...shared }),
      };
    },
    migrate: (home, { dryRun }) =>
      (dryRun ? pendingMigrations : migrate)(home.connect(name), name, migrations),
    hasDemonstrationData: (home) => hasDemonstrationData(home.connect(name), name),
    removeDemonstrationData: (home, run) =>
      removeDemonstrationData(home.connect<TTables>(name), name, unseed, run),
  };
}
