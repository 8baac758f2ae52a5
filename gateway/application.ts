import type { GatewaySettings } from './config/load.ts';
import type { ExampleOperation } from './http/pages/graphiql/page.ts';
import type { OpenApiInfo } from './http/rest/openapi.ts';
import type { RestRoute } from './http/rest/rest-route.ts';
import type { RestService } from './http/rest/rest-service.ts';
import type { SessionRoute } from './http/sessions.ts';

/**
 * What is specific to the graph that a gateway serves. The gateway itself contains no name of a field, mutation or
 * account.
 */
export interface Application {
  /** Settings that apply unless the settings file or the environment overrides them. */
  readonly settings: GatewaySettings;
  /** The REST endpoints for mutations that return a session. GraphiQL logs in with the first. */
  readonly sessionRoutes: readonly SessionRoute[];
  readonly rest: RestApplication;
  /** The tabs that GraphiQL opens on a first visit. */
  readonly examples: readonly ExampleOperation[];
  /** The operation that Apollo Sandbox opens with. */
  readonly sandboxOperation: string;
}

/** What clients that do not use GraphQL are served. */
export interface RestApplication {
  /** Operations of the graph. */
  readonly routes: readonly RestRoute[];
  /** The gRPC services that can answer some of them without the graph, if the settings want that. */
  readonly services: readonly RestService[];
  /** The header of the OpenAPI document. */
  readonly info: OpenApiInfo;
}

/** A graph of which only the supergraph is known. */
export const plainApplication: Application = {
  settings: {},
  sessionRoutes: [],
  rest: { routes: [], services: [], info: { title: 'REST', version: '1.0.0', description: '' } },
  examples: [],
  sandboxOperation: '{ __typename }',
};
