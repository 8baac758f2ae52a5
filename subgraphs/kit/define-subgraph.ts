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
import type { SubgraphSettings } from './load-settings.ts';

/** What every resolver gets, whatever its subgraph. */
export interface SubgraphContext {
  readonly viewer: Viewer;
  readonly correlationId: string;
  /** The request's place in a trace (W3C Trace Context). */
  readonly traceparent: string;
  /** Where the client is, as the gateway tells it with a mutation. */
  readonly clientAddress: string | undefined;
  /** What is written here becomes the `extensions` of the response, which the gateway alone reads. */
  readonly extensions: Record<string, unknown>;
}

/** What a subgraph's long-lived parts are made of. */
export interface ServiceDependencies<TTables> {
  readonly database: Kysely<TTables>;
  readonly environment: Environment;
  readonly mode: Mode;
  /** A directory for files the subgraph keeps in development, such as a generated key. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** An HTTP address that answers without a signed identity, such as published keys. */
export interface PublicRoute {
  readonly path: string;
  /** The JSON answer, and for how many seconds it may be cached. */
  answer(): { readonly body: unknown; readonly maxAgeSeconds: number };
}

/** What runs beside the HTTP server: a server of another protocol, or work that comes by the clock. */
export interface Companion {
  /** Where it listens, as `host:port`; absent when it does not. */
  readonly address?: string;
  /** Begins nothing new and ends what it has begun. The HTTP server stops at the same time. */
  stop(): Promise<void>;
  /** Lets go of what requests to the HTTP server need, once that has stopped. */
  close?(): void;
  /** What `stop` waits for, in words. */
  waitsFor?(): readonly string[];
}

/** How the companion of a subgraph is started. */
export interface CompanionDefinition<TServices> {
  /** Where it will listen. */
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

/** Rows that were removed, by table. */
export type RemovedRows = Readonly<Record<string, number>>;

/** A subgraph, as data. */
export interface SubgraphDefinition<TTables, TServices, TContext extends SubgraphContext> {
  /** Its name in the supergraph; also the name of its database schema and of its folder. */
  readonly name: string;
  /** The port it listens on unless told otherwise. */
  readonly port: number;
  readonly schema: DocumentNode;
  /** One resolver map a type. */
  readonly resolvers: object;
  readonly access: AccessTable;
  /** The folder of its SQL migrations; several when others bring tables into its schema, whose files have other names. */
  readonly migrations: URL | readonly URL[];
  /** Writes the demonstration data; the tables are empty. */
  readonly seed: (transaction: Transaction<TTables>) => Promise<void>;
  /** Removes it again, with what its accounts have done since; gives how many rows of each table went. */
  readonly unseed: (transaction: Transaction<TTables>) => Promise<RemovedRows>;
  /** Reads the settings that it has for itself alone. Throws a SettingsError when one is bad or missing. */
  readonly checkSettings?: (environment: Environment, mode: Mode) => unknown;
  /** Makes what lives as long as the process. The tables may not exist yet: it reads its settings, not the database. */
  readonly services: (dependencies: ServiceDependencies<TTables>) => TServices | Promise<TServices>;
  /** Makes what lives as long as a request: loaders and repositories. */
  readonly context: (request: SubgraphContext, services: TServices) => TContext;
  readonly publicRoutes?: (services: TServices) => readonly PublicRoute[];
  readonly companion?: CompanionDefinition<TServices>;
}

/** Types a subgraph's definition. */
export function defineSubgraph<TTables, TServices, TContext extends SubgraphContext>(
  definition: SubgraphDefinition<TTables, TServices, TContext>,
): SubgraphDefinition<TTables, TServices, TContext> {
  return definition;
}

/** Reads a schema file; a syntax error in it names the file. */
export function readSchema(file: URL): DocumentNode {
  return parse(new Source(readFileSync(file, 'utf8'), file.pathname));
}

/**
 * The executable schema of a subgraph with its access rules in force. Throws when schema, resolvers and access table
 * do not fit together.
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
