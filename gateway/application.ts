import type { GatewaySettings } from './config/load.ts';
import type { ExampleOperation } from './http/pages/graphiql/page.ts';
import type { OpenApiInfo } from './http/rest/openapi.ts';
import type { RestRoute } from './http/rest/rest-route.ts';
import type { SessionRoute } from './http/sessions.ts';

/** What a gateway is told of the graph that it serves: it knows the names of no field, mutation or account by itself. */
export interface Application {
  /** What is set where neither the settings file nor the environment says otherwise. */
  readonly settings: GatewaySettings;
  /** The REST doors to mutations that give a session. GraphiQL logs in by the first. */
  readonly sessionRoutes: readonly SessionRoute[];
  /** Operations for clients that know no GraphQL, and what their OpenAPI document says of the whole. */
  readonly rest: { readonly routes: readonly RestRoute[]; readonly info: OpenApiInfo };
  /** The tabs of a first visit to GraphiQL. */
  readonly examples: readonly ExampleOperation[];
  /** The operation that Apollo Sandbox opens with. */
  readonly sandboxOperation: string;
}

/** A graph of which nothing is known but its supergraph. */
export const plainApplication: Application = {
  settings: {},
  sessionRoutes: [],
  rest: { routes: [], info: { title: 'REST', version: '1.0.0', description: '' } },
  examples: [],
  sandboxOperation: '{ __typename }',
};
