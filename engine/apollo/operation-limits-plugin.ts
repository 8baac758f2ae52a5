import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';

/**
 * The part of `ApolloServerPlugin` that the limits use. Apollo Server ships two sets of types, for ES modules and for
 * CommonJS, and neither accepts the other's plugins. This interface refers to neither, so both accept it.
 */
export interface OperationLimitsPlugin<TContext> {
  serverWillStart(): Promise<{
    schemaDidLoadOrUpdate(update: SchemaUpdate): void;
  }>;
  requestDidStart(
    request: Pick<LimitedRequest<TContext>, 'request'>,
  ): Promise<OperationLimitsListener<TContext>>;
}

/** The plugin's hooks for one request. */
export interface OperationLimitsListener<TContext> {
  validationDidStart(request: LimitedRequest<TContext>): Promise<void>;
  didResolveOperation(request: LimitedRequest<TContext>): Promise<void>;
  willSendResponse?(request: AnsweredRequest): Promise<void>;
}

/** A supergraph that Apollo Server has started to serve. */
export interface SchemaUpdate {
  readonly apiSchema: GraphQLSchema;
  readonly coreSupergraphSdl?: string;
}

/** The part of `GraphQLRequestContext` that the plugin reads once the request is parsed. */
export interface LimitedRequest<TContext> {
  readonly request: {
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly http?: { readonly headers: { get(name: string): string | undefined } };
  };
  readonly schema: GraphQLSchema;
  readonly contextValue: TContext;
  readonly document: DocumentNode;
  readonly operation?: OperationDefinitionNode;
}

/** What the plugin reads and changes when a response is sent. The document is missing when parsing failed. */
export interface AnsweredRequest extends Pick<
  LimitedRequest<unknown>,
  'operation' | 'request' | 'schema'
> {
  readonly document?: DocumentNode;
  readonly response: {
    readonly body:
      | { readonly kind: 'incremental' }
      | {
          readonly kind: 'single';
          readonly singleResult: { data?: unknown; extensions?: Record<string, unknown> };
        };
  };
}
