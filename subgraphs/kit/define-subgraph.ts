import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchemaModule } from '@apollo/subgraph/dist/schema-helper/index.js';
import { type DocumentNode, type GraphQLSchema, parse, Source } from 'graphql';
import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../../common/clock.ts';
import type { ListenAddress } from '../../common/listen-failure.ts';
import type { Logger } from '../../common/logger.ts';
import type { Mode } from '../../common/mode.ts';
import type { Environment } from '../../common/settings.ts';
import type { Viewer } from '../../common/viewer.ts';
import { type AccessTable, enforceAccess } from './access.ts';
import type { Listen } from './database/listen.ts';
import type { SubgraphSettings } from './load-settings.ts';

/** The context of every resolver, in any subgraph. */
export interface SubgraphContext {
  readonly viewer: Viewer;
  readonly correlationId: string;
  /** The position of the request in a trace (W3C Trace Context). */
  readonly traceparent: string;
  /** The client's address, which the gateway sends with mutations. */
  readonly clientAddress: string | undefined;
  /** Becomes the `extensions` of the response, which only the gateway reads. */
  readonly extensions: Record<string, unknown>;
}

/** The dependencies of a subgraph's services. */
export interface ServiceDependencies<TTables> {
  readonly database: Kysely<TTables>;
  /** Listens to what transactions notify, of any process. */
  readonly listen: Listen;
  readonly environment: Environment;
  readonly mode: Mode;
  /** A directory for the subgraph's own files in development, such as a generated key. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** An HTTP address that needs no signed identity, such as published keys. */
export interface PublicRoute {
  readonly path: string;
  /** The JSON response, and for how many seconds it may be cached. */
  answer(): { readonly body: unknown; readonly maxAgeSeconds: number };
}

/** Runs next to the HTTP server: a server of another protocol, or a periodic job. */
export interface Companion {
  /** Its address, as `host:port`; absent when it does not listen. */
  readonly address?: string;
  /** Starts nothing new and finishes what it has started. The HTTP server stops at the same time. */
  stop(): Promise<void>;
  /** Releases what requests to the HTTP server need, after that has stopped. */
  close?(): void;
  /** What `stop` is waiting for, as text. */
  waitsFor?(): readonly string[];
}

/** How the companion of a subgraph is started. */
export interface CompanionDefinition<TServices> {
  /** The addresses where it will listen. */
  readonly addresses?: (
    settings: SubgraphSettings,
    environment: Environment,
  ) => readonly ListenAddress[];
  /** Starts it. The tables exist. Throws StartupError. */
  readonly start: (
    services: TServices,
    surroundings: {
      readonly settings: SubgraphSettings;
      readonly environment: Environment;
      readonly clock: Clock;
      readonly log: Logger;
    },
  ) => Promise<Companion>;
}

/** The number of removed rows, by table. */
export type RemovedRows = Readonly<Record<string, number>>;

/** The definition of a subgraph. */
export interface SubgraphDefinition<TTables, TServices, TContext extends SubgraphContext> {
  /** Its name in the supergraph; also the name of its database schema and of its folder. */
  readonly name: string;
  /** Its default port. */
  readonly port: number;
  readonly schema: DocumentNode;
  /** One resolver map per type. */
  readonly resolvers: object;
  readonly access: AccessTable;
  /** The folder of its SQL migrations; several when others bring tables into its schema, whose files have other names. */
  readonly migrations: URL | readonly URL[];
  /** Writes the demonstration data; the tables are empty. */
  readonly seed: (transaction: Transaction<TTables>) => Promise<void>;
  /**
   * Removes it again, with everything its accounts have created since; returns the number of removed rows of each
   * table.
   */
  readonly unseed: (transaction: Transaction<TTables>) => Promise<RemovedRows>;
  /** Reads the settings that are specific to it. Throws a SettingsError when one is invalid or missing. */
  readonly checkSettings?: (environment: Environment, mode: Mode) => unknown;
  /**
   * Creates the services, which live as long as the process. The tables may not exist yet: this reads settings, not the
   * database.
   */
  readonly services: (dependencies: ServiceDependencies<TTables>) => TServices | Promise<TServices>;
  /** Creates what lives as long as a request: loaders and repositories. */
  readonly context: (request: SubgraphContext, services: TServices) => TContext;
  readonly publicRoutes?: (services: TServices) => readonly PublicRoute[];
  readonly companion?: CompanionDefinition<TServices>;
}

/** Infers the types of a subgraph's definition. */
export function defineSubgraph<TTables, TServices, TContext extends SubgraphContext>(
  definition: SubgraphDefinition<TTables, TServices, TContext>,
): SubgraphDefinition<TTables, TServices, TContext> {
  return definition;
}

/** Reads a schema file; a syntax error names the file. */
export function readSchema(file: URL): DocumentNode {
  return parse(new Source(readFileSync(file, 'utf8'), file.pathname));
}

/**
 * The executable schema of a subgraph with its access rules enforced. Throws when schema, resolvers and access table do
 * not match.
 */
export function buildExecutableSchema(definition: {
  readonly name: string;
  readonly schema: DocumentNode;
  readonly resolvers: object;
  readonly access: AccessTable;
}): GraphQLSchema {
  const module = { typeDefs: definition.schema, resolvers: definition.resolvers };
  const schema = buildSubgraphSchema([module as GraphQLSchemaModule]);
  enforceAccess(definition.name, schema, definition.access);
  return schema;
}
