import type { GatewaySettings } from './config/load.ts';
import type { ExampleOperation } from './http/pages/graphiql/page.ts';
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
  /** The tabs that GraphiQL opens on a first visit. */
  readonly examples: readonly ExampleOperation[];
  /** The operation that Apollo Sandbox opens with. */
  readonly sandboxOperation: string;
}

/** A graph of which only the supergraph is known. */
export const plainApplication: Application = {
  settings: {},
  sessionRoutes: [],
  examples: [],
  sandboxOperation: '{ __typename }',
};
