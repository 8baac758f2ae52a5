import type { Kysely } from 'kysely';
import { systemClock } from '../../common/clock.ts';
import { StartupError } from '../../common/errors.ts';
import { createIdentityVerifier } from '../../common/identity-token.ts';
import type { ListenAddress } from '../../common/listen-failure.ts';
import { createLogger } from '../../common/logger.ts';
import { variableNameOf } from '../../common/setting-variables.ts';
import type { Environment } from '../../common/settings.ts';
import type { DatabaseHome } from './database/database.ts';
import { hasDemonstrationData, migrate, pendingMigrations, seedOnce } from './database/migrate.ts';
import {
  buildExecutableSchema,
  type Companion,
  type SubgraphContext,
  type SubgraphDefinition,
} from './define-subgraph.ts';
import {
  type HttpServerDependencies,
  listen,
  type ListeningServer,
  type ListenSettings,
} from './http-server.ts';
import type { SubgraphSettings } from './load-settings.ts';

/** The options of a subgraph's start. */
export interface StartOptions {
  readonly settings: SubgraphSettings;
  readonly home: DatabaseHome;
  readonly environment: Environment;
  readonly dataDir: string;
}

/** A running subgraph. */
export interface StartedSubgraph extends ListeningServer {
  /** Where its companion listens, as `host:port`; absent when it has none that listens. */
  readonly companionAddress?: string;
}

/**
 * Starts a subgraph: migrates its database schema, writes the demonstration data if requested, starts its companion,
 * and listens. The caller must close the database home after `stop`. Throws StartupError.
 */
export async function startSubgraph<TTables, TServices, TContext extends SubgraphContext>(
  definition: SubgraphDefinition<TTables, TServices, TContext>,
  { settings, home, environment, dataDir }: StartOptions,
): Promise<StartedSubgraph> {
  const { name } = definition;
  const log = createLogger(name, settings.logLevel);
  const schema = buildExecutableSchema(definition);
  const database = home.connect<TTables>(name);
  const { mode } = settings;
  // Before the first migration: an invalid setting of the subgraph must leave the database unchanged.
  const services = await definition.services({
    database,
    listen: home.listen,
    environment,
    mode,
    dataDir,
    clock: systemClock,
    log,
  });
  await bringUpToDate(definition, settings, database);
  if (settings.demonstrationData && !(await seedOnce(database, name, definition.seed))) {
    log.warn('the tables have data: no demonstration data is added');
  }
  if (mode === 'production' && (await hasDemonstrationData(database, name))) {
    throw holdsDemonstrationData(name);
  }
  const companion = await definition.companion?.start(services, {
    settings,
    environment,
    clock: systemClock,
    log,
  });
  return listenBeside(
    companion,
    {
      schema,
      verifyIdentity: createIdentityVerifier(name, settings.identityKeys, systemClock),
      introspection: mode === 'development',
      context: (request) => definition.context(request, services),
      publicRoutes: definition.publicRoutes?.(services) ?? [],
      askDatabase: () => home.ask(),
      log,
    },
    { ...settings, ...listenAddressOf(definition, settings) },
  );
}

/** The HTTP server and the companion as one: they stop together, and what both need is closed last. */
async function listenBeside<TContext extends SubgraphContext>(
  companion: Companion | undefined,
  dependencies: HttpServerDependencies<TContext>,
  address: ListenSettings,
): Promise<StartedSubgraph> {
  const end = async (server?: ListeningServer): Promise<void> => {
    try {
      await Promise.all([server?.stop(), companion?.stop()]);
    } finally {
      companion?.close?.();
    }
  };
  try {
    const server = await listen(dependencies, address);
    return {
      url: server.url,
      ...(companion?.address !== undefined && { companionAddress: companion.address }),
      stop: () => end(server),
      waitsFor: () => [...(server.waitsFor?.() ?? []), ...(companion?.waitsFor?.() ?? [])],
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Where a subgraph and its companion will listen. */
export function listenAddressesOf<TTables, TServices, TContext extends SubgraphContext>(
  definition: SubgraphDefinition<TTables, TServices, TContext>,
  settings: SubgraphSettings,
  environment: Environment,
): readonly ListenAddress[] {
  return [
    listenAddressOf(definition, settings),
    ...(definition.companion?.addresses?.(settings, environment) ?? []),
  ];
}

/** Where a subgraph listens, and the setting for it. */
function listenAddressOf(
  { name }: { readonly name: string },
  { host, port }: SubgraphSettings,
): ListenAddress {
  return { host, port, portSetting: `${variableNameOf(name)}_PORT` };
}

/** Applies pending migrations, or throws when the settings leave that to `npm run migrate`. */
async function bringUpToDate<TTables, TServices, TContext extends SubgraphContext>(
  { name, migrations }: SubgraphDefinition<TTables, TServices, TContext>,
  { migrationsAtStart }: SubgraphSettings,
  database: Kysely<TTables>,
): Promise<void> {
  if (migrationsAtStart === 'run') {
    await migrate(database, name, migrations);
    return;
  }
  const pending = await pendingMigrations(database, name, migrations);
  if (pending.length === 0) return;
  throw new StartupError(
    'MIGRATIONS_PENDING',
    `The database lacks migrations of "${name}": ${pending.join(', ')}.`,
    'Apply them with npm run migrate (in the image: node storefront/migrate.js), or set MIGRATIONS_AT_START=run.',
  );
}

function holdsDemonstrationData(name: string): StartupError {
  return new StartupError(
    'SETTING_INVALID',
    `The database has demonstration data of "${name}", whose passwords are public.`,
    'Set DATABASE_URL to a production database, or remove the data: npm run demo:remove',
  );
}
