import type { ServiceIdentitySigner } from '../../../common/service-identity.ts';
import type { DescribedRoute } from './openapi.ts';
import type { RestAnswer, RestInput, RestRoute } from './rest-route.ts';

/** The request on whose behalf a service is called. */
export interface ServiceCall {
  /** Metadata that says who the viewer is: their identity, signed for the subgraph. */
  readonly identity: Readonly<Record<string, string>>;
  readonly trace: { readonly correlationId: string; readonly traceparent: string };
  /** How long the service has to answer. */
  readonly deadlineMs: number;
  /** Aborted when the client has disconnected. */
  readonly signal: AbortSignal;
}

/** A route that a service can answer. */
export interface ServiceRoute {
  readonly route: RestRoute;
  /** How its answers differ from those of the graph, for OpenAPI. */
  readonly description: string;
  /** The responses that differ, by status. */
  readonly answers: RestRoute['answers'];
}

/**
 * A gRPC service of a subgraph that can answer routes without the graph. The gateway itself does not speak gRPC: the
 * application brings the client.
 */
export interface RestService {
  /** The subgraph that serves it, for which identities are signed. */
  readonly subgraph: string;
  readonly routes: readonly ServiceRoute[];
  /** Opens a client, which connects with its first call. */
  readonly open: (options: RestServiceOptions) => Promise<RestServiceClient>;
}

/** What a client of a service is made with. */
export interface RestServiceOptions {
  /** `host:port`. */
  readonly address: string;
  /** Signs the identity of the gateway as a service. */
  readonly signIdentity: ServiceIdentitySigner;
}

/** An open client. */
export interface RestServiceClient {
  /**
   * How the service answers a request; undefined when its messages cannot express that, so that the graph answers it.
   * The function rejects with an AppError; the client sees its message only with a code about the client's request.
   */
  answer(
    route: RestRoute,
    input: RestInput<never, never, never, never>,
  ): ((call: ServiceCall) => Promise<RestAnswer>) | undefined;
  close(): void;
}

/** The routes as services answer them: what OpenAPI says of them. */
export function describedBy(
  services: readonly RestService[],
  routes: readonly RestRoute[],
): readonly DescribedRoute[] {
  const served = new Map(
    services.flatMap((service) => service.routes.map((each) => [each.route, each] as const)),
  );
  return routes.map((route) => {
    const { description, answers } = served.get(route) ?? {};
    return description === undefined
      ? route
      : { ...route, description, answers: { ...route.answers, ...answers } };
  });
}
